package dev.muster.services.starter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/// Writes as problem details what Tomcat refuses before Spring sees it, such as a path that cannot
/// be decoded. Tomcat makes it by name, hence public.
public final class RequestReport extends ErrorReportValve {
  @Override
  protected void report(Request request, Response response, @Nullable Throwable cause) {
    int code = response.getStatus();
    if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus status = HttpStatus.resolve(code);
    String title = status == null ? "Error" : status.getReasonPhrase();
    String detail = code == 400 ? "The request cannot be read" : title;
    String problem =
        """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s","error":"%s"}\
        """
            .formatted(title, code, detail, detail);
    try {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getOutputStream().write(problem.getBytes(StandardCharsets.UTF_8));
      response.finishResponse();
    } catch (IOException e) {
      container.getLogger().debug("The client left before its error was written", e);
    }
  }
}
