package etherws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Dependencies point down the levels and never sideways.
 *
 * <pre>
 * 5  cli
 * 5  config
 * 4  node
 * 3  control
 * 2  tunnel   tap   netdev   stream   capture
 * 1½ device
 * 1  bridge   |   websocket   tls   auth
 * 0  frame   metrics   linux
 * </pre>
 */
@Execution(ExecutionMode.CONCURRENT)
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
        .layer("config")
        .definedBy("etherws.config")
        .layer("control")
        .definedBy("etherws.control")
        .layer("netdev")
        .definedBy("etherws.netdev")
        .layer("stream")
        .definedBy("etherws.stream")
        .layer("capture")
        .definedBy("etherws.capture")
        .layer("tunnel")
        .definedBy("etherws.tunnel")
        .layer("tap")
        .definedBy("etherws.tap")
        .layer("device")
        .definedBy("etherws.device")
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
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("node")
        .mayOnlyBeAccessedByLayers("cli", "config")
        .whereLayer("control")
        .mayOnlyBeAccessedByLayers("node", "cli", "config")
        .whereLayer("netdev")
        .mayOnlyBeAccessedByLayers("node", "config")
        .whereLayer("stream")
        .mayOnlyBeAccessedByLayers("node", "config")
        .whereLayer("capture")
        .mayOnlyBeAccessedByLayers("control", "node")
        .whereLayer("tunnel")
        .mayOnlyBeAccessedByLayers("node", "cli", "config")
        .whereLayer("tap")
        .mayOnlyBeAccessedByLayers("node", "cli", "config")
        .whereLayer("device")
        .mayOnlyBeAccessedByLayers("tap", "netdev")
        .whereLayer("bridge")
        .mayOnlyBeAccessedByLayers(
            "device", "tunnel", "tap", "netdev", "stream", "capture", "control", "node", "cli",
            "config")
        .whereLayer("websocket")
        .mayOnlyBeAccessedByLayers("tunnel")
        .whereLayer("tls")
        .mayOnlyBeAccessedByLayers("tunnel", "node", "cli", "config")
        .whereLayer("auth")
        .mayOnlyBeAccessedByLayers("tunnel", "node", "cli", "config")
        .whereLayer("frame")
        .mayOnlyBeAccessedByLayers(
            "bridge", "device", "tunnel", "tap", "netdev", "stream", "capture", "control", "node",
            "config")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers(
            "bridge", "device", "tunnel", "tap", "netdev", "stream", "capture", "control", "node",
            "config")
        .whereLayer("linux")
        .mayOnlyBeAccessedByLayers(
            "device", "tap", "tunnel", "netdev", "stream", "control", "node", "cli")
        .check(CLASSES);
  }

  /** A clock that jumps a day must end no session: only people's times come from it. */
  @Test
  void whatFramesAndSessionsMeetDoesNotAskTheWallClock() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "etherws.frame",
            "etherws.metrics",
            "etherws.linux",
            "etherws.bridge",
            "etherws.websocket",
            "etherws.auth",
            "etherws.device",
            "etherws.tap",
            "etherws.netdev",
            "etherws.stream",
            "etherws.tunnel")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(InstantSource.class)
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("etherws.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
