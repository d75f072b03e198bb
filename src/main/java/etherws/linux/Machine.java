package etherws.linux;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What differs between the processors that we know: numbers of system calls, and machine code. */
enum Machine {
  /*
   * The code is a signal handler: it makes the system calls of a list, {number, first argument,
   * second argument} each until a negative number, the other arguments zero. It finds the list
   * LIST octets behind itself. Registers that belong to the interrupted code are the kernel's to
   * restore, but for callee-saved ones.
   */
  X86_64(
      "amd64",
      0xc000_003e,
      157,
      126,
      317,
      """
      53              push %rbx
      488d1df8ff0000  lea  LIST(%rip), %rbx
      488b03          next: mov (%rbx), %rax
      4885c0          test %rax, %rax
      7818            js   done
      488b7b08        mov  8(%rbx), %rdi
      488b7310        mov  16(%rbx), %rsi
      31d2            xor  %edx, %edx
      4531d2          xor  %r10d, %r10d
      4531c0          xor  %r8d, %r8d
      0f05            syscall
      4883c318        add  $24, %rbx
      ebe0            jmp  next
      5b              done: pop %rbx
      c3              ret
      """),
  AARCH64(
      "aarch64",
      0xc000_00b7,
      167,
      91,
      277,
      """
      09000810  adr  x9, LIST
      280140f9  next: ldr x8, [x9]
      0801f8b7  tbnz x8, #63, done
      208540a9  ldp  x0, x1, [x9, #8]
      020080d2  mov  x2, #0
      030080d2  mov  x3, #0
      040080d2  mov  x4, #0
      010000d4  svc  #0
      29610091  add  x9, x9, #24
      f8ffff17  b    next
      c0035fd6  done: ret
      """);

  /** How far the list is behind the code: a page, whatever the size of pages. */
  static final int LIST = 0x1_0000;

  private final String javaName;
  final int audit;
  final int prctl;
  final int capset;
  final int seccomp;
  private final String code;

  Machine(String javaName, int audit, int prctl, int capset, int seccomp, String code) {
    this.javaName = javaName;
    this.audit = audit;
    this.prctl = prctl;
    this.capset = capset;
    this.seccomp = seccomp;
    this.code = code;
  }

  /** Null on another. */
  static @Nullable Machine here() {
    String name = System.getProperty("os.arch");
    for (Machine machine : values()) {
      if (machine.javaName.equals(name)) {
        return machine;
      }
    }
    return null;
  }

  /** The first column of the listing. */
  byte[] code() {
    StringBuilder hex = new StringBuilder();
    code.lines().forEach(line -> hex.append(line, 0, line.indexOf(' ')));
    return HexFormat.of().parseHex(hex);
  }
}
