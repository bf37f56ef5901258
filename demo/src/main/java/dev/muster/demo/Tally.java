package dev.muster.demo;

import java.util.Map;
import java.util.TreeMap;

/// Counts what the demo's client sees of one service. Thread-safe.
final class Tally {
  private final Map<String, Long> servedByInstance = new TreeMap<>();
  private long requests;
  private long repeats;
  private long failures;
  private String firstFailure = "";

  synchronized void served(String instance) {
    requests++;
    servedByInstance.merge(instance, 1L, Long::sum);
  }

  /// A write that was answered 5xx, or not at all, and is sent again with the same id.
  synchronized void repeated() {
    requests++;
    repeats++;
  }

  synchronized void failed(String why) {
    failures++;
    if (firstFailure.isEmpty()) {
      firstFailure = why;
    }
  }

  synchronized long requests() {
    return requests;
  }

  synchronized long repeats() {
    return repeats;
  }

  synchronized long failures() {
    return failures;
  }

  synchronized String firstFailure() {
    return firstFailure;
  }

  synchronized Map<String, Long> servedByInstance() {
    return new TreeMap<>(servedByInstance);
  }
}
