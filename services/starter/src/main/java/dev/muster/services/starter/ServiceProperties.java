package dev.muster.services.starter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Properties below `service.`
///
/// @param registrationInterval how often a registered instance looks whether the registry still
///     lists it
/// @param drain how long an instance that has left the registry still takes requests, before it
///     shuts its port
@ConfigurationProperties("service")
record ServiceProperties(
    @DefaultValue("5s") Duration registrationInterval, @DefaultValue("1s") Duration drain) {}
