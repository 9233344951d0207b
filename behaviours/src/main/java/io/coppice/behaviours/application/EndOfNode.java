package io.coppice.behaviours.application;

import io.coppice.kernel.Node;

/**
 * What becomes of a node that an application has let down (semantics AP8): the policy of whoever
 * owns the process, the JVM, the server around it.
 *
 * <p>Called once, by the controller's process as the last thing it does, when all applications have
 * been stopped and a report has been made. It must not wait for the node, nor end the JVM on this
 * thread: {@code System.exit} waits for shutdown hooks, which may wait for the node. A program that
 * owns its JVM and wants to be started again by what watches it takes
 *
 * {@snippet :
 * end -> Thread.ofPlatform().start(() -> System.exit(1));
 * }
 */
@FunctionalInterface
public interface EndOfNode {
  /**
   * Ends the node, or something around it, or nothing.
   *
   * @param end why
   */
  void end(NodeEnd end);

  /**
   * Does nothing more: the report has been made, and the applications are stopped.
   *
   * @return the policy
   */
  static EndOfNode nothingMore() {
    return end -> {};
  }

  /**
   * Closes the node, on a thread of its own; the JVM goes on.
   *
   * @param node the node of the applications
   * @return the policy
   */
  static EndOfNode closing(Node node) {
    return end ->
        Thread.ofPlatform().name("coppice-end-of-" + node.options().name()).start(node::close);
  }
}
