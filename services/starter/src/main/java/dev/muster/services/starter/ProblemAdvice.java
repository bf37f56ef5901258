package dev.muster.services.starter;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Writes every error as problem details (RFC 9457), with the member `error` for clients of the
/// first version, which look for nothing else.
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final URI NO_TYPE = URI.create("about:blank");

  @ExceptionHandler
  ResponseEntity<Object> onProblem(Problem problem, HttpServletRequest request) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(problem.status(), problem.detail());
    return answer(body, problem.faults(), new HttpHeaders(), request);
  }

  /// The database is away, too slow or broken. Whether a write was stored is then unknown.
  @ExceptionHandler
  ResponseEntity<Object> onStoreFailure(DataAccessException e, HttpServletRequest request) {
    LOG.warn(
        "{} {}: the store failed: {}",
        request.getMethod(),
        request.getRequestURI(),
        e.getMessage());
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, "1");
    ProblemDetail body =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The store does not answer. Send the request again: a write is not confirmed, and"
                + " repeating it is safe.");
    return answer(body, List.of(), headers, request);
  }

  @ExceptionHandler
  ResponseEntity<Object> onDefect(RuntimeException e, HttpServletRequest request) {
    LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
    ProblemDetail body =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.INTERNAL_SERVER_ERROR, "The service failed; its log says why.");
    return answer(body, List.of(), new HttpHeaders(), request);
  }

  /// What Spring MVC itself refuses: unknown routes, methods, media types, unreadable bodies.
  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ProblemDetail problem =
        switch (body) {
          case ProblemDetail given -> given;
          case null, default ->
              e instanceof ErrorResponse known ? known.getBody() : ProblemDetail.forStatus(status);
        };
    return answer(problem, List.of(), headers, ((ServletWebRequest) request).getRequest());
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    ProblemDetail body =
        ProblemDetail.forStatusAndDetail(status, "The body is empty; it must be a JSON object");
    return handleExceptionInternal(e, body, headers, status, request);
  }

  private static ResponseEntity<Object> answer(
      ProblemDetail body,
      List<Problem.Fault> faults,
      HttpHeaders headers,
      HttpServletRequest request) {
    body.setType(NO_TYPE);
    body.setInstance(instance(request.getRequestURI()));
    body.setProperty("error", body.getDetail() == null ? body.getTitle() : body.getDetail());
    if (!faults.isEmpty()) {
      body.setProperty("errors", faults);
    }
    return ResponseEntity.status(body.getStatus())
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(body);
  }

  /// The path that was asked for, as far as it is one by RFC 3986: Tomcat takes more.
  private static URI instance(String path) {
    String strict = path.replace("[", "%5B").replace("]", "%5D").replaceFirst("^/+", "/");
    try {
      return new URI(strict);
    } catch (URISyntaxException e) {
      return URI.create("/");
    }
  }
}
