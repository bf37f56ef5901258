package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Files and flags of a test, and what is read from them.
final class Sources {
  final Settings settings = new Settings("host-1");
  private final Path folder;

  Sources(Path folder) {
    this.folder = folder;
  }

  static Sources dev(Path folder) {
    return new Sources(folder).flag("-dev", "true");
  }

  Sources flag(String flag, String text) {
    Key key =
        Keys.all().flags().stream().filter(it -> it.flag().equals(flag)).findFirst().orElseThrow();
    settings.addFlag(flag, key, text);
    return this;
  }

  Sources file(String name, String text) {
    settings.add(write(name, text));
    return this;
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AgentConfig config() {
    return settings.read().config();
  }

  /// Every warning, with files by their names alone.
  List<String> warnings() {
    return settings.read().warnings().stream().map(this::shortened).toList();
  }

  /// Every problem, with files by their names alone.
  List<String> problems() {
    InvalidConfiguration problem = catchThrowableOfType(InvalidConfiguration.class, settings::read);
    assertThat(problem).as("everything is fine").isNotNull();
    return problem.report().lines().map(this::shortened).toList();
  }

  private String shortened(String text) {
    return text.replace(folder + "/", "");
  }
}
