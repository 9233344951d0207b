package io.coppice.kernel.cell;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Makes an operation that would run out of stack do so before it has changed anything. Half of an
 * operation would be a process that is ready and in no queue, a lock that nobody gives back, a
 * token that keeps a process from being told to die.
 *
 * <p>Each operation that code of the user's can call asks first. Code of the user's that the kernel
 * calls in the middle of one (predicates, reporters, what hangs on a future) has whatever is left.
 */
abstract class StackRoom {
  /* HotSpot checks the stack at the entry of a method, by touching the memory that the method may need at
   * most. Compiled code, too, counts the interpreter frames that it may have to be turned back into, so a
   * method with thousands of local variables is refused a stack that has no room for them, although its
   * compiled frame is a few words. The check costs a store per page, and where the method is inlined it is
   * part of the caller's own. The compiler must believe that the variables may be needed: hence the branch
   * that is never taken, on a condition that is no constant.
   *
   * Who asks and goes on either way must catch the error, so that method must not be inlined: the room would
   * be asked for at the entry of the caller, or of whoever that is inlined into, and the error be thrown from
   * there, in the middle of something. It has more bytecodes than HotSpot inlines (FreqInlineSize: 325).
   *
   * No source has such a method, because javac gives a variable a slot only if there is a declaration for
   * it. So the class is generated, with one variable far out.
   *
   * How much is enough? What runs deepest is an operation whose classes have yet to be loaded and
   * initialised; one whose initialisation fails for lack of stack can never be used again. StackEndTest fails
   * with 8 KB and passes with 16, interpreted or compiled, once the queues are initialised (see Kernel).
   *
   * What it costs (2 cores, ns, before and after, with 24 KB): a message sent and received 18 and 18..20, a
   * call and its answer 388..404 and 415..421, an operation with the token 75 and 7..10, since that had a
   * dearer check.
   */
  private static final int BYTES = 20 * 1024;
  private static final int AMPLE_BYTES = 64 * 1024;
  private static final int TOO_LONG_TO_INLINE = 400; // bytecodes
  private static final StackRoom PROBE = generate(BYTES, 0);
  private static final StackRoom AMPLE = generate(AMPLE_BYTES, TOO_LONG_TO_INLINE);

  @SuppressWarnings("FieldMayBeFinal") // the compiler would know that the branch is never taken
  private static int never;

  /**
   * Returns if there is room for any operation of the kernel.
   *
   * @throws StackOverflowError if there is not
   */
  static void require() {
    PROBE.touch(never);
  }

  /** Whether there is room for code of somebody else's. */
  static boolean isAmple() {
    try {
      AMPLE.touch(never);
      return true;
    } catch (StackOverflowError notThere) {
      return false;
    }
  }

  /** Recursive, if called with anything but 0. */
  abstract void touch(int depth);

  private static StackRoom generate(int size, int padding) {
    ClassDesc base = ClassDesc.of(StackRoom.class.getName());
    ClassDesc type = ClassDesc.of(StackRoom.class.getName() + "Probe");
    byte[] bytes =
        ClassFile.of().build(type, builder -> define(builder, base, type, size, padding));
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      MethodType constructor = MethodType.methodType(void.class);
      return (StackRoom) lookup.findConstructor(lookup.lookupClass(), constructor).invoke();
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static void define(
      ClassBuilder builder, ClassDesc base, ClassDesc type, int size, int padding) {
    builder.withSuperclass(base);
    builder.withMethodBody(
        INIT_NAME,
        MTD_void,
        0,
        code -> code.aload(0).invokespecial(base, INIT_NAME, MTD_void).return_());
    MethodTypeDesc touch = MTD_void.insertParameterTypes(0, CD_int);
    builder.withMethodBody(
        "touch",
        touch,
        0,
        code -> {
          Label end = code.newLabel();
          code.iload(1).ifeq(end);
          for (int i = 0; i < padding; i++) {
            code.nop();
          }
          defineRecursion(code, type, touch, size / Long.BYTES);
          code.labelBinding(end).return_();
        });
  }

  /** {@code int far = depth - 1; touch(far);}. */
  private static void defineRecursion(
      CodeBuilder code, ClassDesc type, MethodTypeDesc touch, int far) {
    code.iload(1).iconst_1().isub().istore(far);
    code.aload(0).iload(far).invokevirtual(type, "touch", touch);
  }
}
