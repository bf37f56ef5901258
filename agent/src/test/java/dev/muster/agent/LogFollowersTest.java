package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.muster.consul.agent.LogLines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogFollowersTest {
  private static final Logger OURS = LoggerFactory.getLogger(LogFollowersTest.class);
  private static final Logger THEIRS = LoggerFactory.getLogger("org.example.Thing");

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final ListAppender<ILoggingEvent> usual = new ListAppender<>();
  private final LogFollowers tail;

  LogFollowersTest() {
    context.reset();
    usual.setContext(context);
    usual.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(usual);
    tail = LogFollowers.attach();
  }

  @AfterEach
  void close() {
    tail.close();
    context.reset();
  }

  @Test
  void aFollowerHearsMoreThanTheLogSays() throws Exception {
    try (LogLines.Following following = tail.follow(LogLines.Severity.DEBUG, false).orElseThrow()) {
      THEIRS.debug("not ours");
      OURS.trace("too chatty");
      OURS.debug("detail {}", 1);
      OURS.info("usual");
      assertThat(following.next()).contains("[DEBUG] LogFollowersTest: detail 1").endsWith("\n");
      assertThat(following.next()).contains("[INFO] LogFollowersTest: usual");
    }
    OURS.debug("nobody hears it");
    assertThat(usual.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly("usual");
  }

  @Test
  void aFollowerHearsNothingBelowItsLevel() throws Exception {
    try (LogLines.Following following = tail.follow(LogLines.Severity.ERROR, true).orElseThrow()) {
      OURS.info("usual");
      OURS.error("bad");
      assertThat(following.next()).startsWith("{").contains("\"bad\"").endsWith("}\n");
    }
  }

  @Test
  void aSlowFollowerIsToldHowMuchItMissed() throws Exception {
    try (LogLines.Following following = tail.follow(LogLines.Severity.INFO, false).orElseThrow()) {
      for (int i = 0; i < 600; i++) {
        OURS.info("line {}", i);
      }
      assertThat(following.next()).startsWith("88 lines are missing here");
      assertThat(following.next()).contains("line 0");
    }
  }

  @Test
  void onlySoManyFollow() {
    List<LogLines.Following> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(tail.follow(LogLines.Severity.INFO, false).orElseThrow());
    }
    assertThat(tail.follow(LogLines.Severity.INFO, false)).isEmpty();
    all.removeFirst().close();
    assertThat(tail.follow(LogLines.Severity.INFO, false)).isPresent();
  }
}
