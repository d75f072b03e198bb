package etherws;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point down the levels and never sideways.
 *
 * <pre>
 * 5  cli
 * 4  node
 * 2  tunnel   tap
 * 1  bridge   |   websocket   tls   auth
 * 0  frame   metrics   linux
 * </pre>
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("etherws");

  @Test
  void dependenciesPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("main")
        .definedBy("etherws")
        .layer("cli")
        .definedBy("etherws.cli")
        .layer("node")
        .definedBy("etherws.node")
        .layer("tunnel")
        .definedBy("etherws.tunnel")
        .layer("tap")
        .definedBy("etherws.tap")
        .layer("bridge")
        .definedBy("etherws.bridge")
        .layer("websocket")
        .definedBy("etherws.websocket")
        .layer("tls")
        .definedBy("etherws.tls")
        .layer("auth")
        .definedBy("etherws.auth")
        .layer("frame")
        .definedBy("etherws.frame")
        .layer("metrics")
        .definedBy("etherws.metrics")
        .layer("linux")
        .definedBy("etherws.linux")
        .withOptionalLayers(true)
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("node")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("tunnel")
        .mayOnlyBeAccessedByLayers("node", "cli")
        .whereLayer("tap")
        .mayOnlyBeAccessedByLayers("node", "cli")
        .whereLayer("bridge")
        .mayOnlyBeAccessedByLayers("tunnel", "tap", "node", "cli")
        .whereLayer("websocket")
        .mayOnlyBeAccessedByLayers("tunnel")
        .whereLayer("tls")
        .mayOnlyBeAccessedByLayers("tunnel", "node", "cli")
        .whereLayer("auth")
        .mayOnlyBeAccessedByLayers("tunnel", "node", "cli")
        .whereLayer("frame")
        .mayOnlyBeAccessedByLayers("bridge", "tunnel", "tap", "node")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("bridge", "tunnel", "tap", "node")
        .whereLayer("linux")
        .mayOnlyBeAccessedByLayers("tap", "tunnel", "node", "cli")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("etherws.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
