package dev.muster.registry.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which share of the requests to a service goes to which other service or subset.
public record ServiceSplitter(
    @Shown String name, @Shown List<Split> splits, Map<String, String> meta)
    implements ConfigEntry {

  /// A share.
  ///
  /// @param weight per cent, to a hundredth
  /// @param service empty: the service itself
  /// @param serviceSubset empty: the default one
  public record Split(
      @Shown double weight,
      String service,
      String serviceSubset,
      @Nullable HeaderModifiers requestHeaders,
      @Nullable HeaderModifiers responseHeaders) {}

  public ServiceSplitter {
    splits = Copies.of(splits);
    meta = Copies.of(meta);
  }

  private static long hundredths(double weight) {
    return Math.round(weight * 100);
  }

  @Override
  public ServiceSplitter normalized() {
    return new ServiceSplitter(
        name,
        splits.stream()
            .map(
                split ->
                    new Split(
                        hundredths(split.weight()) / 100.0,
                        split.service(),
                        split.serviceSubset(),
                        split.requestHeaders(),
                        split.responseHeaders()))
            .toList(),
        meta);
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(!name.isEmpty(), "Name is required");
    InvalidEntry.unless(!splits.isEmpty(), "no splits configured");
    Copies.checkMeta(meta);
    Set<List<String>> found = new HashSet<>();
    long sum = 0;
    for (Split split : splits) {
      String service = split.service().isEmpty() ? name : split.service();
      InvalidEntry.unless(
          found.add(List.of(service, split.serviceSubset())),
          "split destination occurs more than once: service=\"%s\", subset=\"%s\","
              + " namespace=\"default\", partition=\"default\"",
          service,
          split.serviceSubset());
      InvalidEntry.unless(
          split.weight() >= 0 && split.weight() <= 100,
          "split weight must be between 0 and 100, not %s",
          split.weight());
      sum += hundredths(split.weight());
    }
    InvalidEntry.unless(
        sum == 10_000,
        "the sum of all split weights must be 100, not %s",
        String.format(Locale.ROOT, "%f", sum / 100.0));
  }

  @Override
  public List<String> references() {
    return splits.stream()
        .map(Split::service)
        .filter(service -> !service.isEmpty() && !service.equals(name))
        .distinct()
        .toList();
  }
}
