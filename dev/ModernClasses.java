import static java.lang.classfile.ClassFile.JAVA_25_VERSION;
import static java.lang.classfile.ClassFile.JAVA_6_VERSION;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar from the days of Java 5 a class file version and stack maps of today:
 * an AOT cache takes no others. The build runs it on picocli. A second run changes nothing.
 */
final class ModernClasses {
  private ModernClasses() {}

  public static void main(String[] args) throws IOException {
    Path old = Path.of(args[0]);
    Path modern = Path.of(args[0] + ".new");
    boolean changed = false;
    try (JarFile in = new JarFile(old.toFile());
        URLClassLoader classes = new URLClassLoader(new URL[] {old.toUri().toURL()});
        OutputStream file = Files.newOutputStream(modern);
        JarOutputStream out = new JarOutputStream(file)) {
      ClassFile classFile =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ConstantPoolSharingOption.NEW_POOL,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(classes)));
      for (JarEntry entry : in.stream().toList()) {
        byte[] octets = in.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".class")) {
          ClassModel model = classFile.parse(octets);
          if (model.majorVersion() < JAVA_6_VERSION) {
            octets = modern(classFile, model);
            changed = true;
          }
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        out.write(octets);
        out.closeEntry();
      }
    }
    if (changed) {
      Files.move(modern, old, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(modern);
    }
  }

  /** Rebuilds every method body: only then stack maps are made. */
  private static byte[] modern(ClassFile classFile, ClassModel model) {
    ClassTransform bodies = ClassTransform.transformingMethodBodies((code, e) -> code.with(e));
    ClassTransform version =
        ClassTransform.endHandler(builder -> builder.withVersion(JAVA_25_VERSION, 0));
    return classFile.transformClass(model, bodies.andThen(version));
  }
}
