package dev.muster.cli;

import java.lang.reflect.Proxy;

/// Turns SIGHUP into a request to read the configuration again.
///
/// The JDK handles signals by `sun.misc.Signal` alone. The compiler knows no such class for a
/// release of Java, so it is found by its name; where there is none, SIGHUP does as it did.
final class ReloadRequest {
  private ReloadRequest() {}

  /// Runs the action at each signal, on a thread of its own.
  static void onSignal(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, arguments) -> {
                if (!method.getName().equals("handle")) {
                  return method.invoke(action, arguments);
                }
                action.run();
                return null;
              });
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.err.println("SIGHUP does not reload here: " + e);
    }
  }
}
