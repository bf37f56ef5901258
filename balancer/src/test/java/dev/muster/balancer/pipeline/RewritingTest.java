package dev.muster.balancer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Break;
import dev.muster.balancer.config.Instruction.Condition;
import dev.muster.balancer.config.Instruction.FileTest;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.Instruction.If;
import dev.muster.balancer.config.Instruction.Return;
import dev.muster.balancer.config.Instruction.Rewrite;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.PatternTooCostly;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Requests;
import dev.muster.balancer.request.Site;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import io.netty.channel.EventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The rewrite phase, one request at a time.
class RewritingTest {
  private static final Turn TURN =
      new Turn() {
        @Override
        public void resume(Verdict verdict) {
          throw new IllegalStateException("nothing waits");
        }

        @Override
        public EventLoop loop() {
          throw new IllegalStateException("nothing waits");
        }

        @Override
        public void atEnd(Runnable action) {
          throw new IllegalStateException("nothing waits");
        }
      };

  private final Variables variables = new Variables();

  private Template text(String source) throws UnknownVariable {
    return Template.compile(source, variables);
  }

  private Instruction set(String name, String value) throws UnknownVariable {
    int slot = variables.declareSlot(name);
    return new Instruction.Set(slot, text(value));
  }

  private Instruction rewrite(String pattern, String to, Flag flag) throws UnknownVariable {
    return new Rewrite(Pattern.compile(pattern), Groups.NONE, text(to), flag);
  }

  private Instruction returning(int status, String said) throws UnknownVariable {
    return new Return(status, Optional.of(text(said)));
  }

  private static Location location(LocationConfig config) {
    return Location.of("inside", config, new Step[0], null, null, null, Ledger.apart("test"));
  }

  private static Verdict run(Request request, Instruction... instructions) {
    return new Rewriting(List.of(instructions), RewritingTest::location).run(request, TURN);
  }

  private static String where(Verdict verdict) {
    return verdict instanceof Answer answer && !answer.headers().isEmpty()
        ? answer.status() + " " + answer.headers().getFirst().value()
        : verdict.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/download/a/media/b.mp3 | ^/download/(.*)/media/(.*)$ | /$1/mp3/$2 | /a/mp3/b.mp3 |",
        "/users/7?x=1 | ^/users/(.*)$ | /show?user=$1 | /show | user=7&x=1",
        "/users/7?x=1 | ^/users/(.*)$ | /show?user=$1? | /show | user=7",
        "/users/7?x=1 | ^/users/(.*)$ | /show? | /show |",
        "/a%20b/c+d | ^/(.*)/(.*) | /$2?q=$1 | /c+d | q=a%20b",
        "/a&b | ^/(.*) | /x?q=$1 | /x | q=a&b",
        "/a%26b | ^/(.*) | /x?q=$1 | /x | q=a%26b",
        "/q?a=1 | . | $arg_a?b=$uri | 1 | b=/q&a=1"
      })
  void replacesPathAndQuery(String target, String pattern, String to, String path, String args)
      throws Exception {
    Request request = Requests.get(target);
    assertThat(run(request, rewrite(pattern, to, Flag.LAST))).isEqualTo(Verdict.SEARCH);
    assertThat(request.uri()).isEqualTo(path);
    assertThat(request.args()).isEqualTo(args == null ? "" : args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a?x=1 | /b | REDIRECT | 302 http://example.test:8080/b?x=1",
        "/a?x=1 | /b?y=2 | PERMANENT | 301 http://example.test:8080/b?y=2&x=1",
        "/a?x=1 | https://o.test$uri? | LAST | 302 https://o.test/a",
        "/a?x=1 | $scheme://o.test$uri | BREAK | 302 http://o.test/a?x=1",
        "/a | http://o.test/z | PERMANENT | 301 http://o.test/z"
      })
  void sendsElsewhere(String target, String to, Flag flag, String where) throws Exception {
    assertThat(where(run(Requests.get(target), rewrite(".", to, flag)))).isEqualTo(where);
  }

  @Test
  void redirectsLookAsTheServerWants() throws Exception {
    Instruction away = returning(301, "/x");
    Request relative = Requests.read("GET / HTTP/1.1\r\nHost: a.test");
    assertThat(relative.enter(new Site("s", true, false, false, true))).isTrue();
    assertThat(where(run(relative, away))).isEqualTo("301 /x");
    Request named = Requests.read("GET / HTTP/1.1\r\nHost: a.test");
    assertThat(named.enter(new Site("s", true, true, true, false))).isTrue();
    assertThat(where(run(named, away))).isEqualTo("301 http://s/x");
    assertThat(where(run(Requests.get("/"), returning(307, "https://b.test"))))
        .isEqualTo("307 https://b.test");
  }

  @Test
  void nothingEndsTheLineOfARedirect() throws Exception {
    Request request = Requests.get("/a%0D%0AX-Evil:%201");
    assertThat(where(run(request, returning(302, "https://b.test$uri"))))
        .isEqualTo("302 https://b.test/a%0D%0AX-Evil:%201");
  }

  @Test
  void flagsSayWhatFollows() throws Exception {
    Instruction first = rewrite("^/a$", "/b", Flag.NONE);
    Instruction second = rewrite("^/b$", "/c", Flag.NONE);
    Request both = Requests.get("/a");
    assertThat(run(both, first, second)).isEqualTo(Verdict.SEARCH);
    assertThat(both.uri()).isEqualTo("/c");
    Request last = Requests.get("/a");
    assertThat(run(last, rewrite("^/a$", "/b", Flag.LAST), second)).isEqualTo(Verdict.SEARCH);
    assertThat(last.uri()).isEqualTo("/b");
    assertThat(last.hasLeftLocation()).isFalse();
    Request stays = Requests.get("/a");
    assertThat(run(stays, rewrite("^/a$", "/b", Flag.BREAK), second)).isEqualTo(Verdict.NEXT);
    assertThat(stays.uri()).isEqualTo("/b");
    assertThat(stays.hasLeftLocation()).isTrue();
    Request broken = Requests.get("/a");
    assertThat(run(broken, first, new Break(), second)).isEqualTo(Verdict.NEXT);
    assertThat(broken.uri()).isEqualTo("/b");
    assertThat(run(Requests.get("/x"), first, second)).isEqualTo(Verdict.NEXT);
  }

  @Test
  void whatFollowsAnIfIsDone() throws Exception {
    LocationConfig inside = LocationConfig.of(new Match.Prefix("/", false));
    LocationConfig other = LocationConfig.of(new Match.Exact("/"));
    Condition always = new Condition.IsSet(text("1"));
    Request request = Requests.get("/");
    Verdict verdict =
        run(
            request,
            new If(always, List.of(set("a", "1")), Optional.of(inside)),
            set("b", "$a$a"),
            new If(always, List.of(), Optional.of(other)));
    assertThat(verdict).isInstanceOf(Verdict.In.class);
    assertThat(((Verdict.In) verdict).location().config()).isEqualTo(other);
    assertThat(text("$a $b").text(request)).isEqualTo("1 11");
    Instruction stop = new If(always, List.of(returning(403, "no")), Optional.of(inside));
    assertThat(run(Requests.get("/"), stop)).isInstanceOf(Answer.class);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "'', false", "00, true", "a, true", "1, true"})
  void aTextIsTrueUnlessItIsNothing(String value, boolean holds) throws Exception {
    Instruction asked =
        new If(
            new Condition.IsSet(text("$arg_x")), List.of(returning(200, "yes")), Optional.empty());
    Verdict verdict = run(Requests.get("/?x=" + value), asked);
    assertThat(verdict instanceof Answer).isEqualTo(holds);
  }

  @Test
  void conditionsCanBeNegated() throws Exception {
    Condition is = new Condition.Equals(text("$uri"), text("/a"), false);
    Condition isNot = new Condition.Equals(text("$uri"), text("/a"), true);
    Pattern pattern = Pattern.compile("(.)$");
    Condition matches = new Condition.Matches(text("$uri"), pattern, Groups.NONE, false);
    Condition matchesNot = new Condition.Matches(text("$arg_q"), pattern, Groups.NONE, true);
    assertThat(holds(is)).isTrue();
    assertThat(holds(isNot)).isFalse();
    assertThat(holds(matches)).isTrue();
    assertThat(holds(matchesNot)).isTrue();
  }

  private boolean holds(Condition condition) throws UnknownVariable {
    Instruction asked = new If(condition, List.of(returning(200, "$1")), Optional.empty());
    return run(Requests.get("/a"), asked) instanceof Answer;
  }

  @Test
  void filesAreAskedFor(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "x");
    String there = file.toString();
    assertThat(holds(new Condition.OfFile(text(there), FileTest.FILE, false))).isTrue();
    assertThat(holds(new Condition.OfFile(text(there), FileTest.DIRECTORY, false))).isFalse();
    assertThat(holds(new Condition.OfFile(text(folder + "$uri"), FileTest.EXISTS, false))).isTrue();
    assertThat(holds(new Condition.OfFile(text(there + "b"), FileTest.EXISTS, true))).isTrue();
    assertThat(holds(new Condition.OfFile(text(there), FileTest.EXECUTABLE, true))).isTrue();
    assertThat(holds(new Condition.OfFile(text("\u0000"), FileTest.EXISTS, false))).isFalse();
  }

  @Test
  void answersAndHangsUp() throws Exception {
    assertThat(run(Requests.get("/"), returning(444, ""))).isEqualTo(Verdict.HANG_UP);
    assertThat(run(Requests.get("/a"), returning(200, "at $uri")))
        .isEqualTo(new Answer(200, List.of(), "text/plain", "at /a"));
    assertThat(run(Requests.get("/a"), new Return(204, Optional.empty())))
        .isEqualTo(new Answer(204, List.of(), "text/plain", ""));
    assertThat(run(Requests.get("/a"), rewrite("^", "$arg_none", Flag.LAST)))
        .isInstanceOf(Answer.class);
  }

  @Test
  void aSearchThatTakesTooLongIsGivenUp() throws Exception {
    String path = "/" + "a".repeat(200) + "!";
    Instruction slow = rewrite("^/a*a*a*a*a*a*b$", "/x", Flag.LAST);
    assertThatThrownBy(() -> run(Requests.get(path), slow)).isInstanceOf(PatternTooCostly.class);
    Instruction deep = rewrite("^/(a|b)*$", "/x", Flag.LAST);
    String deepPath = "/" + "ab".repeat(4000);
    Verdict verdict = null;
    try {
      verdict = run(Requests.get(deepPath), deep);
    } catch (PatternTooCostly e) {
      assertThat(e).hasMessageContaining("(a|b)*");
    }
    assertThat(verdict == null || verdict.equals(Verdict.SEARCH)).isTrue();
  }
}
