package dev.muster.services.starter;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What an orchestrator and a registry ask: is the process alive, and should it get requests.
@RestController
final class HealthController {
  private final Readiness readiness;

  HealthController(Readiness readiness) {
    this.readiness = readiness;
  }

  @GetMapping("/healthz/live")
  Map<String, String> live() {
    return Map.of("status", "live");
  }

  @GetMapping("/healthz/ready")
  Map<String, String> ready() {
    readiness
        .refusal()
        .ifPresent(
            why -> {
              throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, why);
            });
    return Map.of("status", "ready");
  }
}
