package dev.muster.conformance;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the modules may do to each other and to the JVM, read from bytecode. Each rule returns one
/// sentence per violation, none if all is well.
///
/// @param moduleOf the module that a class belongs to, empty for one that is not ours
record ArchitectureRules(JavaClasses classes, Function<JavaClass, String> moduleOf) {

  /// Who may use whom. This is the design's table of modules, row by row: change it there first.
  static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("consensus", Set.of()),
          entry("raft", Set.of("consensus")),
          entry("paxos", Set.of("consensus")),
          entry("registry", Set.of("consensus")),
          entry("health", Set.of("registry")),
          entry("http", Set.of()),
          entry("consul", Set.of("registry", "health", "http")),
          entry("dns", Set.of("registry")),
          entry("balancer", Set.of()),
          entry("nginx", Set.of("balancer")),
          entry("broker", Set.of()),
          entry("console", Set.of("registry", "balancer", "http")),
          entry(
              "agent",
              Set.of(
                  "consensus",
                  "raft",
                  "paxos",
                  "registry",
                  "health",
                  "http",
                  "consul",
                  "dns",
                  "balancer",
                  "nginx",
                  "broker",
                  "console")),
          entry("demo", Set.of()),
          entry("cli", Set.of("agent", "balancer", "nginx", "demo", "simulation")),
          entry("services", Set.of()),
          entry("simulation", Set.of("consensus", "raft", "paxos", "registry", "health")),
          entry("benchmarks", Set.of("consensus", "raft", "paxos", "registry", "balancer", "http")),
          entry("conformance", Set.of()));

  /// Libraries that stay in the rooms they were chosen for, by the start of their packages.
  static final Map<String, Set<String>> LIBRARIES =
      Map.of(
          // health: only the codec of HTTP/2's headers, for gRPC
          "io.netty.", Set.of("http", "dns", "balancer", "health"),
          "org.xbill.DNS.", Set.of("dns"),
          "tools.jackson.", Set.of("registry", "consul", "agent", "demo", "cli", "services"),
          "com.fasterxml.jackson.",
              Set.of("registry", "consul", "agent", "demo", "cli", "services"),
          "org.apache.ratis.", Set.of("raft"),
          "picocli.", Set.of("cli"),
          "org.springframework.", Set.of("services"));

  /// A call that only some modules may make.
  ///
  /// @param name what the exceptions call it
  /// @param modules where it belongs
  /// @param instead what to do everywhere else
  record Ban(String name, Predicate<JavaAccess<?>> call, Set<String> modules, String instead) {}

  /// A class that makes a forbidden call for a good reason.
  record Exemption(String type, String call, String why) {}

  private static final Set<String> WIRING = Set.of("agent", "cli", "demo");

  static final List<Ban> BANS =
      List.of(
          new Ban(
              "System.exit",
              calls(System.class, "exit").or(calls(Runtime.class, "exit", "halt")),
              Set.of("cli"),
              "return the outcome to cli, which alone ends the process"),
          new Ban(
              "Thread.sleep",
              calls(Thread.class, "sleep").or(calls(java.util.concurrent.TimeUnit.class, "sleep")),
              Set.of(),
              "wait for what you wait for (a condition, a queue, a scheduled task)"),
          new Ban(
              "System.getProperty",
              calls(System.class, "getenv", "getProperty", "getProperties")
                  .or(calls(Boolean.class, "getBoolean"))
                  .or(calls(Integer.class, "getInteger"))
                  .or(calls(Long.class, "getLong")),
              WIRING,
              "take the value as a parameter; agent, cli and demo read the surroundings"),
          new Ban(
              "Random",
              calls(java.util.Random.class, "<init>")
                  .or(calls(java.util.SplittableRandom.class, "<init>"))
                  .or(calls(java.util.concurrent.ThreadLocalRandom.class, "current"))
                  .or(calls(Math.class, "random")),
              Set.of(),
              "take a RandomGenerator as a parameter, so that a test can repeat its choices"),
          new Ban(
              "Java serialisation",
              access ->
                  access.getTargetOwner().isEquivalentTo(java.io.ObjectInputStream.class)
                      || access.getTargetOwner().isEquivalentTo(java.io.ObjectOutputStream.class),
              Set.of(),
              "write a codec: deserialising a stranger's bytes runs a stranger's code"));

  /// Forbidden calls that are right where they are. One line each, with the reason.
  static final List<Exemption> EXEMPTIONS =
      List.of(
          new Exemption(
              "dev.muster.services.starter.Membership",
              "Thread.sleep",
              "drain: the wait is the point, callers finish what they began"));

  /// One slice per package: with one slice for all of them there would be no cycle to find.
  List<String> packageCycles() {
    return slices()
        .matching("dev.muster.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .evaluate(classes)
        .getFailureReport()
        .getDetails()
        .stream()
        .map(
            cycle ->
                "These packages use each other; move what both need to one side, or let one own an"
                    + " interface that the other implements.\n"
                    + cycle)
        .toList();
  }

  List<String> moduleEdges() {
    return dependencies()
        .filter(
            use -> {
              String from = moduleOf.apply(use.getOriginClass());
              String to = moduleOf.apply(target(use));
              return !to.isEmpty()
                  && !from.equals(to)
                  && !MAY_USE.getOrDefault(from, Set.of()).contains(to);
            })
        .map(
            use -> {
              String from = moduleOf.apply(use.getOriginClass());
              return "%s must not use %s, only %s (ArchitectureRules.MAY_USE, from the design): %s"
                  .formatted(
                      from,
                      moduleOf.apply(target(use)),
                      oneOf(MAY_USE.getOrDefault(from, Set.of())),
                      use.getDescription());
            })
        .toList();
  }

  List<String> unknownModules() {
    return classes.stream()
        .map(moduleOf)
        .filter(module -> !MAY_USE.containsKey(module))
        .distinct()
        .map(
            module ->
                "%s is not in the design's table of modules: say there what it is and may use, then add it to ArchitectureRules.MAY_USE"
                    .formatted(module))
        .toList();
  }

  List<String> strayPackages() {
    return classes.stream()
        .filter(
            type -> {
              String home = "dev.muster." + moduleOf.apply(type);
              return !moduleOf.apply(type).equals("services")
                  && !(type.getPackageName() + ".").startsWith(home + ".");
            })
        .map(
            type ->
                "%s belongs to module %s, so its package must be dev.muster.%s or below"
                    .formatted(type.getName(), moduleOf.apply(type), moduleOf.apply(type)))
        .toList();
  }

  List<String> consensusBeyondTheJdk() {
    return dependencies()
        .filter(use -> moduleOf.apply(use.getOriginClass()).equals("consensus"))
        .filter(use -> !moduleOf.apply(target(use)).equals("consensus"))
        .filter(use -> !target(use).isPrimitive())
        .filter(
            use ->
                Stream.of("java.", "javax.", "org.jspecify.")
                    .noneMatch(target(use).getName()::startsWith))
        .map(
            use ->
                "consensus uses the JDK and jspecify, nothing else, so that every engine can carry"
                    + " it: "
                    + use.getDescription())
        .toList();
  }

  List<String> libraries() {
    return dependencies()
        .flatMap(
            use ->
                LIBRARIES.entrySet().stream()
                    .filter(library -> target(use).getName().startsWith(library.getKey()))
                    .filter(
                        library ->
                            !library.getValue().contains(moduleOf.apply(use.getOriginClass())))
                    .map(
                        library ->
                            "%s must not use %s*, only %s may (ArchitectureRules.LIBRARIES): %s"
                                .formatted(
                                    moduleOf.apply(use.getOriginClass()),
                                    library.getKey(),
                                    oneOf(library.getValue()),
                                    use.getDescription())))
        .toList();
  }

  List<String> mains() {
    return classes.stream()
        .filter(type -> !Set.of("cli", "services").contains(moduleOf.apply(type)))
        .flatMap(type -> type.getMethods().stream())
        .filter(ArchitectureRules::startsProgram)
        .map(
            method ->
                "%s starts a program, and only cli and the services do: make it a command of cli"
                    .formatted(method.getFullName()))
        .toList();
  }

  List<String> forbiddenCalls(List<Exemption> exemptions) {
    return accesses()
        .flatMap(
            access ->
                BANS.stream()
                    .filter(ban -> isBroken(ban, access))
                    .filter(ban -> exemptions.stream().noneMatch(one -> covers(one, ban, access)))
                    .map(
                        ban ->
                            "%s is forbidden in %s: %s. If it is right here, add a line with the reason to ArchitectureRules.EXEMPTIONS. %s"
                                .formatted(
                                    ban.name(),
                                    moduleOf.apply(access.getOriginOwner()),
                                    ban.instead(),
                                    access.getDescription())))
        .toList();
  }

  List<String> needlessExemptions(List<Exemption> exemptions) {
    return exemptions.stream()
        .filter(
            one ->
                accesses()
                    .noneMatch(
                        access ->
                            BANS.stream()
                                .anyMatch(
                                    ban -> isBroken(ban, access) && covers(one, ban, access))))
        .map(
            one ->
                "%s no longer calls %s: take its exemption out".formatted(one.type(), one.call()))
        .toList();
  }

  private boolean isBroken(Ban ban, JavaAccess<?> access) {
    return !ban.modules().contains(moduleOf.apply(access.getOriginOwner()))
        && ban.call().test(access);
  }

  private static boolean covers(Exemption exemption, Ban ban, JavaAccess<?> access) {
    return exemption.call().equals(ban.name())
        && exemption.type().equals(access.getOriginOwner().getName());
  }

  private Stream<Dependency> dependencies() {
    return classes.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream()).sorted();
  }

  private Stream<JavaAccess<?>> accesses() {
    return classes.stream().flatMap(type -> type.getAccessesFromSelf().stream());
  }

  private static JavaClass target(Dependency use) {
    return use.getTargetClass().getBaseComponentType();
  }

  private static boolean startsProgram(JavaMethod method) {
    List<String> parameters =
        method.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    return method.getName().equals("main")
        && (parameters.isEmpty() || parameters.equals(List.of(String[].class.getName())));
  }

  private static Predicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
    return access ->
        access.getTargetOwner().isEquivalentTo(owner) && Set.of(names).contains(access.getName());
  }

  private static String oneOf(Set<String> names) {
    return names.isEmpty() ? "none of ours" : String.join(", ", new TreeSet<>(names));
  }
}
