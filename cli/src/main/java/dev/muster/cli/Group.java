package dev.muster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that only holds others.
@Command
final class Group implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Program program;

  Group(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(program.out());
    return Program.FAILED;
  }
}
