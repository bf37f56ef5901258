package dev.muster.nginx.compile;

import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.nginx.language.Directive;
import java.util.ArrayList;
import java.util.List;

/// What is done with answers.
record Responses(Texts texts) {

  ResponseConfig of(Level level) {
    return new ResponseConfig(added(level));
  }

  private List<AddedHeader> added(Level level) {
    List<AddedHeader> added = new ArrayList<>();
    for (Directive directive : level.all("add_header")) {
      boolean isAlways = directive.size() == 3 && directive.word(2).equals("always");
      if (directive.size() == 3 && !isAlways) {
        texts.findings().badParameter(directive, directive.word(2));
      }
      added.add(
          new AddedHeader(
              directive.word(0), texts.template(directive, directive.word(1)), isAlways));
    }
    return added;
  }
}
