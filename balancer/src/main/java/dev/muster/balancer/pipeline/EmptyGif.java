package dev.muster.balancer.pipeline;

import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// Answers with a picture of one transparent pixel (`empty_gif`).
final class EmptyGif implements Step {
  // Header and screen of 1 x 1 with two colours, the first of them transparent; one pixel; the end.
  private static final String PIXEL =
      new String(
          HexFormat.of()
              .parseHex(
                  "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002"
                      + "02440100"
                      + "3b"),
          StandardCharsets.ISO_8859_1);
  private static final Answer GIF =
      new Answer(
          200,
          List.of(new Answer.Line("Last-Modified", "Mon, 28 Sep 1970 06:00:00 GMT")),
          "image/gif",
          PIXEL);

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public Verdict run(Request request, Turn turn) {
    String method = request.method();
    return method.equals("GET") || method.equals("HEAD")
        ? GIF
        : Answer.of(405, "only GET and HEAD are answered here");
  }
}
