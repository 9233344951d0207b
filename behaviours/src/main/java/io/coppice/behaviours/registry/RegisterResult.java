package io.coppice.behaviours.registry;

import io.coppice.kernel.process.NameTaken;
import io.coppice.kernel.process.Pid;

/** What came of a {@link Registry#register} (semantics RG2). */
public sealed interface RegisterResult {
  /**
   * The process is registered, and linked with a process of the registry until it has no keys left.
   *
   * @param partition that process of the registry
   */
  record Ok(Pid partition) implements RegisterResult {}

  /**
   * The key is taken; nothing has changed.
   *
   * @param holder the process that has the key, which may be the calling one; it may have ended
   *     since
   */
  record AlreadyRegistered(Pid holder) implements RegisterResult {}

  /**
   * The process of the registry, for those who cannot do without the key.
   *
   * @return its pid
   * @throws NameTaken if the key is taken
   */
  default Pid orThrow() {
    return switch (this) {
      case Ok(Pid partition) -> partition;
      case AlreadyRegistered(Pid holder) ->
          throw new NameTaken("The key belongs to " + holder + " already", holder);
    };
  }
}
