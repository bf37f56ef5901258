package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordedIdsTest {
  private static final String THEIRS = "6f3d7750-bc9f-09f8-eff7-c491aa6cb8d5";
  private static final String OURS = "11111111-2222-3333-4444-555555555555";

  private final RecordedIds ids = new RecordedIds();

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static JsonNode answer(String id) {
    return json("{\"ID\":\"" + id + "\"}");
  }

  @Test
  void whatOursGaveTakesThePlaceOfTheRecorded() {
    ids.learn(answer(THEIRS), answer(OURS));
    ids.learn(answer(THEIRS), answer(THEIRS));
    assertThat(ids.inOurs("/v1/kv/lock?acquire=" + THEIRS))
        .isEqualTo("/v1/kv/lock?acquire=" + OURS);
    assertThat(ids.inOurs("/v1/kv/" + OURS)).isEqualTo("/v1/kv/" + OURS);
  }

  @Test
  void otherAnswersTeachNothing() {
    ids.learn(json("true"), json("true"));
    ids.learn(answer("web1"), answer("web2"));
    assertThat(ids.inOurs("web1 " + THEIRS)).isEqualTo("web1 " + THEIRS);
  }

  @Test
  void anAnswerWithoutAnIdWhereOneWasRecordedIsAFault() {
    assertThatThrownBy(() -> ids.learn(answer(THEIRS), json("{}")))
        .isInstanceOf(AssertionError.class);
  }
}
