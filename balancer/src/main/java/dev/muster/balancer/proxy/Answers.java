package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.Reasons;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.pipeline.Verdict.SendFile;
import dev.muster.balancer.request.Detour;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.response.Compression;
import dev.muster.balancer.response.Compression.Choice;
import dev.muster.balancer.response.ResponseRules;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a client is told by the balancer itself; each method that is not static says whether the
/// connection goes on. Belongs to the client's loop.
final class Answers {
  private static final byte[] VERSION = Octets.ascii("HTTP/1.1 ");
  private static final byte[] TYPE = Octets.ascii("Content-Type: ");
  private static final byte[] LENGTH = Octets.ascii("Content-Length: ");
  private static final byte[] SEPARATOR = Octets.ascii(": ");
  private static final byte[] CLOSE = Octets.ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Octets.ascii("Connection: keep-alive\r\n");
  private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");

  private final Worker worker;
  private final Outflow outflow;

  Answers(Worker worker, Outflow outflow) {
    this.worker = worker;
    this.outflow = outflow;
  }

  /// Something else than a request came.
  boolean refuse(Refusal refusal) {
    Answer answer = Answer.of(refusal.status(), refusal.reason());
    write(answer, null, worker.noRoute, false, false, false, worker, outflow);
    return false;
  }

  /// An answer in a location's name.
  boolean answer(Request request, Location location, Answer answer) {
    RequestHead head = request.head();
    boolean keeps = keeps(head);
    write(answer, request, location, keeps, head.isHead(), head.isVersion10(), worker, outflow);
    return keeps;
  }

  /// A part of a file.
  boolean send(Request request, Location location, SendFile file) {
    return send(file, request, location, keeps(request.head()), worker, outflow);
  }

  /// An exchange ended without a response.
  boolean answer(Exchange failed, Answer answer, boolean keeps) {
    write(
        answer,
        failed.asked(),
        failed.location(),
        keeps,
        failed.isHead(),
        failed.isVersion10(),
        worker,
        outflow);
    return keeps;
  }

  // A client that waits to be asked for its body may send it after all, or the next request.
  private boolean keeps(RequestHead head) {
    return head.keepsAlive() && !worker.isDraining() && !head.expectsContinue();
  }

  /// Sends a whole answer.
  ///
  /// @param request whose head is asked only if the location [Location#asksLater]; null if there
  ///     was none that could be understood
  private static void write(
      Answer answer,
      @Nullable Request request,
      Location location,
      boolean keeps,
      boolean isHead,
      boolean isVersion10,
      Worker worker,
      Outflow outflow) {
    ResponseRules rules = request == null ? null : location.rules();
    int status =
        request == null || answer.isReplaceable()
            ? answer.status()
            : told(request, answer.status());
    String body = answer.body();
    String type = answer.contentType();
    if (rules != null && answer.isReplaceable()) {
      body = page(status);
      type = "text/html";
    }
    HeadWriter out = worker.writer.clear().write(VERSION);
    ResponseHead.writeStatus(status, out);
    if (rules == null || request == null) {
      out.write(worker.date.line());
    } else {
      rules.writeOwn(request, status, Choice.PLAIN, HttpDate.NONE, worker.date, out);
    }
    boolean hasBody = status != 204 && status != 304;
    if (hasBody) {
      type = request == null || answer.isReplaceable() ? type : carriedType(request, type);
      if (!type.isEmpty()) {
        out.write(TYPE).write(Octets.latin1(type)).endLine();
      }
      out.write(LENGTH).write(Octets.ascii(Integer.toString(body.length()))).endLine();
    }
    writeLines(answer.headers(), out);
    if (request != null) {
      location.addHeaders(request, status, out);
    }
    writeConnection(keeps, isVersion10, out);
    int headOctets = out.endLine().length();
    if (hasBody && !isHead) {
      out.write(Octets.latin1(body));
    }
    outflow.writeHead(status, headOctets);
  }

  /// Sends a part of a file; returns whether the connection goes on.
  private static boolean send(
      SendFile file,
      Request request,
      Location location,
      boolean keeps,
      Worker worker,
      Outflow out) {
    ResponseRules rules = Objects.requireNonNull(location.rules());
    boolean isVersion10 = request.head().isVersion10();
    int status = told(request, file.status());
    Choice choice = rules.choose(request, status, file.contentType(), file.length(), null);
    Compression gzip = choice == Choice.GZIP ? rules.compression() : null;
    boolean keepsOn = keeps && (gzip == null || !isVersion10);
    out.limit(rules.rate(request, null), rules.rateAfter());
    writeHead(file, request, location, choice, keepsOn, worker);
    out.writeHead(status, worker.writer.length());
    if (!request.head().isHead()) {
      Recoding recoding =
          gzip == null
              ? null
              : new Recoding(PooledByteBufAllocator.DEFAULT, gzip.level(), !isVersion10);
      out.send(file.file(), file.position(), file.length(), recoding);
    }
    return keepsOn;
  }

  /// Puts the head of a file together.
  ///
  /// @param keeps whether the connection goes on; not if it is the end of the body
  private static void writeHead(
      SendFile file,
      Request request,
      Location location,
      Choice choice,
      boolean keeps,
      Worker worker) {
    boolean isVersion10 = request.head().isVersion10();
    int status = told(request, file.status());
    HeadWriter out = worker.writer.clear().write(VERSION);
    ResponseHead.writeStatus(status, out);
    Objects.requireNonNull(location.rules())
        .writeOwn(request, status, choice, file.modified(), worker.date, out);
    String type = carriedType(request, file.contentType());
    if (!type.isEmpty()) {
      out.write(TYPE).write(Octets.latin1(type)).endLine();
    }
    if (choice == Choice.GZIP) {
      for (Answer.Line line : file.headers()) {
        if (line.name().equals("ETag")) {
          writeLines(List.of(new Answer.Line("ETag", "W/" + line.value())), out);
        } else if (!line.name().equals("Accept-Ranges")) {
          writeLines(List.of(line), out);
        }
      }
      if (!isVersion10) {
        out.write(CHUNKED);
      }
    } else {
      out.write(LENGTH).write(Octets.ascii(Long.toString(file.length()))).endLine();
      writeLines(file.headers(), out);
    }
    location.addHeaders(request, status, out);
    writeConnection(keeps, isVersion10, out);
    out.endLine();
  }

  /// The status that the client is told.
  static int told(Request request, int status) {
    Detour detour = request.detour();
    return detour == null || detour.status() == 0 ? status : detour.status();
  }

  private static String carriedType(Request request, String otherwise) {
    Detour detour = request.detour();
    if (detour != null) {
      for (Detour.Line line : detour.carried()) {
        if (line.name().equals("Content-Type")) {
          return line.value();
        }
      }
    }
    return otherwise;
  }

  private static void writeLines(List<Answer.Line> lines, HeadWriter out) {
    for (Answer.Line line : lines) {
      int start = out.length();
      out.write(Octets.latin1(line.name())).write(SEPARATOR).write(Octets.latin1(line.value()));
      if (out.isLine(start)) {
        out.endLine();
      } else {
        out.cutTo(start);
      }
    }
  }

  private static void writeConnection(boolean keeps, boolean isVersion10, HeadWriter out) {
    if (!keeps) {
      out.write(CLOSE);
    } else if (isVersion10) {
      out.write(KEEP_ALIVE);
    }
  }

  /// A page that says a status and no more: what went wrong is not the public's business.
  private static String page(int status) {
    String title = (status + " " + Reasons.of(status)).strip();
    return "<!DOCTYPE html>\n<html>\n<head><title>"
        + title
        + "</title></head>\n<body>\n<h1>"
        + title
        + "</h1>\n</body>\n</html>\n";
  }
}
