package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

/// What of a request is told to the log.
class ExchangeTest {
  @Test
  void theLogIsNotToldParametersSinceOneMayBeAToken() {
    var head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/kv/a?token=S");
    assertThat(Exchange.of(head, 0, () -> Response.empty(200)).request()).isEqualTo("GET /v1/kv/a");
  }
}
