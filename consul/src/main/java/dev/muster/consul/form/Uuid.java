package dev.muster.consul.form;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// Ids of what is made here.
public final class Uuid {
  private Uuid() {}

  public static String random(RandomGenerator random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
