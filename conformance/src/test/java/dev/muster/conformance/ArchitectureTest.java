package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.muster.conformance.ArchitectureRules.Exemption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The modules keep to the design; and each rule that says so turns red on a planted violation.
class ArchitectureTest {
  private static final ArchitectureRules MUSTER =
      new ArchitectureRules(
          new ClassFileImporter().importPaths(classFolders()), ArchitectureTest::moduleByFolder);

  @Test
  void everyModuleWasCompiled() {
    List<String> missing =
        Repository.modules().stream()
            .filter(ArchitectureTest::hasTypes)
            .filter(
                module ->
                    !Files.isDirectory(classes(module))
                        || Repository.files(classes(module), ".class").isEmpty())
            .map(Repository::name)
            .toList();
    assertThat(missing)
        .as("modules without classes, so that no rule sees them: run mvn verify at the root")
        .isEmpty();
  }

  @Test
  void noPackageCycles() {
    assertThat(MUSTER.packageCycles()).isEmpty();
  }

  @Test
  void modulesUseOnlyWhatTheDesignAllows() {
    assertThat(MUSTER.moduleEdges()).isEmpty();
    assertThat(MUSTER.unknownModules()).isEmpty();
  }

  @Test
  void packagesAreNamedForTheirModules() {
    assertThat(MUSTER.strayPackages()).isEmpty();
  }

  @Test
  void consensusUsesTheJdkOnly() {
    assertThat(MUSTER.consensusBeyondTheJdk()).isEmpty();
  }

  @Test
  void librariesStayWhereTheyWereChosenFor() {
    assertThat(MUSTER.libraries()).isEmpty();
  }

  @Test
  void onlyCliAndServicesStartPrograms() {
    assertThat(MUSTER.mains()).isEmpty();
  }

  @Test
  void nobodyMakesForbiddenCalls() {
    assertThat(MUSTER.forbiddenCalls(ArchitectureRules.EXEMPTIONS)).isEmpty();
  }

  @Test
  void everyExemptionIsNeeded() {
    assertThat(MUSTER.needlessExemptions(ArchitectureRules.EXEMPTIONS)).isEmpty();
  }

  /// In the packages below `planted` the segment after the scenario stands for the module.
  @Nested
  class Planted {
    private static final String PLANTED = "dev.muster.conformance.planted.";

    @Test
    void twoPackagesInARing() {
      assertThat(planted("ring").packageCycles())
          .singleElement()
          .asString()
          .contains("ring.east", "ring.west");
    }

    @Test
    void edgesThatTheDesignDoesNotHave() {
      assertThat(planted("edges").moduleEdges())
          .hasSizeGreaterThanOrEqualTo(2)
          .anyMatch(text -> text.startsWith("balancer must not use registry, only none of ours"))
          .anyMatch(text -> text.startsWith("services must not use registry"))
          .noneMatch(text -> text.startsWith("consul"));
    }

    @Test
    void aModuleThatTheDesignDoesNotHave() {
      assertThat(planted("calls").unknownModules())
          .singleElement()
          .asString()
          .startsWith("attic is not in the design's table");
    }

    @Test
    void aPackageOfAnotherModule() {
      assertThat(planted("edges").strayPackages())
          .anyMatch(text -> text.contains("must be dev.muster.registry or below"));
    }

    @Test
    void consensusOnALibrary() {
      assertThat(planted("libraries").consensusBeyondTheJdk())
          .anyMatch(text -> text.contains("Assertions"));
      assertThat(planted("calls").consensusBeyondTheJdk()).isEmpty();
    }

    @Test
    void librariesOutOfTheirRooms() {
      assertThat(planted("libraries").libraries())
          .anyMatch(text -> text.startsWith("registry must not use io.netty.*"))
          .anyMatch(text -> text.startsWith("balancer must not use tools.jackson.*"))
          .noneMatch(text -> text.startsWith("http "));
    }

    @Test
    void aSecondMain() {
      assertThat(planted("calls").mains())
          .singleElement()
          .asString()
          .contains("calls.registry.Careless.main");
    }

    @Test
    void forbiddenCalls() {
      List<String> found = planted("calls").forbiddenCalls(List.of());
      for (String name :
          List.of(
              "System.exit",
              "Thread.sleep",
              "System.getProperty",
              "Random",
              "Java serialisation")) {
        assertThat(found).anyMatch(text -> text.startsWith(name + " is forbidden in registry"));
      }
      assertThat(found).noneMatch(text -> text.contains("forbidden in cli"));
    }

    @Test
    void anExemptionSilencesOneCallOfOneClass() {
      String careless = PLANTED + "calls.registry.Careless";
      var exemption = List.of(new Exemption(careless, "Thread.sleep", "planted"));
      assertThat(planted("calls").forbiddenCalls(exemption))
          .noneMatch(text -> text.startsWith("Thread.sleep"))
          .anyMatch(text -> text.startsWith("System.exit"));
      assertThat(planted("calls").needlessExemptions(exemption)).isEmpty();
      assertThat(planted("ring").needlessExemptions(exemption)).hasSize(1);
    }

    private static ArchitectureRules planted(String scenario) {
      return new ArchitectureRules(
          new ClassFileImporter().importPackages(PLANTED + scenario),
          type -> {
            String name = type.getPackageName();
            String prefix = PLANTED + scenario + ".";
            return name.startsWith(prefix) ? name.substring(prefix.length()) : "";
          });
    }
  }

  private static Path classes(Path module) {
    return module.resolve("target/classes");
  }

  private static List<Path> classFolders() {
    return Repository.modules().stream()
        .map(ArchitectureTest::classes)
        .filter(Files::isDirectory)
        .toList();
  }

  private static boolean hasTypes(Path module) {
    return Stream.of("src/main/java")
        .flatMap(folder -> Repository.files(module.resolve(folder), ".java").stream())
        .anyMatch(file -> !file.endsWith("package-info.java"));
  }

  /// The first folder below the root; the services are one module, they share nothing with us.
  private static String moduleByFolder(JavaClass type) {
    return type.getSource()
        .filter(source -> source.getUri().getScheme().equals("file"))
        .map(source -> Path.of(source.getUri()))
        .filter(path -> path.startsWith(Repository.ROOT))
        .map(path -> Repository.ROOT.relativize(path).getName(0).toString())
        .orElse("");
  }
}
