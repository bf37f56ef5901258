package dev.muster.registry;

import dev.muster.consensus.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// The state machine behind the [Registry]. Changed by the thread that applies the log; read
/// by all.
final class RegistryMachine implements StateMachine<Reply> {
  private final List<Registry.Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile View view = new View(Tables.EMPTY, 0);

  View view() {
    return view;
  }

  void add(Registry.Listener listener) {
    listeners.add(listener);
  }

  @Override
  public List<Reply> apply(List<byte[]> commands) {
    Change change = new Change(view.tables());
    List<Reply> replies = new ArrayList<>(commands.size());
    for (byte[] command : commands) {
      replies.add(change.apply(Format.decode(command)));
    }
    boolean isRestored = change.isRestored();
    View before = view;
    view = new View(change.tables(), before.restores() + (isRestored ? 1 : 0));
    change.wake();
    if (isRestored) {
      before.tables().abandon();
    }
    tell(
        new Registry.Applied(
            view,
            change.touchedServices(),
            change.touchedChecks(),
            change.registeredChecks(),
            change.touchedSessions(),
            change.delayedKeys(),
            isRestored));
    return replies;
  }

  private void tell(Registry.Applied applied) {
    if (applied.isNews()) {
      listeners.forEach(listener -> listener.applied(applied));
    }
  }

  @Override
  public Capture capture() {
    Tables captured = view.tables();
    return out -> Format.write(captured, out);
  }

  @Override
  public void restore(InputStream snapshot) throws IOException {
    View abandoned = view;
    view = new View(Format.read(snapshot), abandoned.restores() + 1);
    abandoned.tables().abandon();
    tell(new Registry.Applied(view, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true));
  }
}
