package dev.muster.conformance.planted.calls.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

class Careless {
  static void main(String[] args) throws Exception {
    Thread.sleep(ThreadLocalRandom.current().nextInt());
    IntConsumer end = System::exit;
    end.accept(System.getProperty("user.home").length());
  }

  Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
