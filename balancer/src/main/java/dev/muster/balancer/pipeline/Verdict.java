package dev.muster.balancer.pipeline;

import dev.muster.balancer.upstream.Cluster;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a step says about a request.
public sealed interface Verdict {
  /// Go on with the next step.
  Verdict NEXT = new Next();

  /// The step will say later, by [Turn#resume].
  Verdict WAIT = new Wait();

  /// The path has changed: look for its location again.
  Verdict SEARCH = new Search();

  /// Close the connection without an answer.
  Verdict HANG_UP = new HangUp();

  /// See [#NEXT].
  record Next() implements Verdict {}

  /// See [#WAIT].
  record Wait() implements Verdict {}

  /// See [#SEARCH].
  record Search() implements Verdict {}

  /// See [#HANG_UP].
  record HangUp() implements Verdict {}

  /// Go on in another location.
  ///
  /// @param location what holds from now on
  record In(Location location) implements Verdict {}

  /// Go on in the location of that name.
  ///
  /// @param name with its at sign
  record Named(String name) implements Verdict {}

  /// An instance of that cluster answers.
  ///
  /// @param cluster instead of the location's own
  record To(Cluster cluster) implements Verdict {}

  /// Go on from the server's own steps with another path.
  ///
  /// @param uri a decoded path
  /// @param args a query
  record Redirect(String uri, String args) implements Verdict {}

  /// A part of a file is the answer; who asks for it closes the file when the request is over.
  ///
  /// @param status 200 or 206
  /// @param headers further lines
  /// @param contentType of the file
  /// @param modified when it was last changed, in seconds since 1970
  /// @param file open for reading
  /// @param position where the part starts
  /// @param length of the part
  record SendFile(
      int status,
      List<Answer.Line> headers,
      String contentType,
      long modified,
      FileChannel file,
      long position,
      long length)
      implements Verdict {
    /// Copies the lines.
    public SendFile {
      headers = List.copyOf(headers);
    }
  }

  /// This is the answer.
  ///
  /// @param status 200 to 599
  /// @param headers further lines, such as `Location`
  /// @param contentType of the body
  /// @param body all of it, octets as Latin-1 characters
  /// @param isReplaceable whether the status is what matters, so that an error page may take its
  ///     place, and servers of a configuration answer with a page of their usual shape
  record Answer(
      int status, List<Line> headers, String contentType, String body, boolean isReplaceable)
      implements Verdict {
    /// A header line.
    ///
    /// @param name of the field
    /// @param value octets as Latin-1 characters, without line breaks
    public record Line(String name, String value) {}

    /// Copies the lines.
    public Answer {
      headers = List.copyOf(headers);
    }

    /// One whose body was asked for.
    public Answer(int status, List<Line> headers, String contentType, String body) {
      this(status, headers, contentType, body, false);
    }

    /// The same with other header lines.
    public Answer with(List<Line> others) {
      return new Answer(status, others, contentType, body, isReplaceable);
    }

    /// A sentence for people.
    public static Answer of(int status, String sentence) {
      return of(status, List.of(), sentence);
    }

    /// The same with header lines.
    public static Answer of(int status, List<Line> headers, String sentence) {
      return new Answer(
          status,
          headers,
          "text/plain; charset=utf-8",
          new String(
              (sentence + "\n").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
          true);
    }
  }
}
