package dev.muster.services.starter;

import com.zaxxer.hikari.HikariDataSource;
import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.consul.serviceregistry.ConsulAutoRegistration;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Gives an application everything in this module.
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@EnableConfigurationProperties({DataSourceProperties.class, ServiceProperties.class})
@Import({ProblemAdvice.class, HealthController.class})
class ServiceAutoConfiguration {
  @Bean
  PostedObjectReader postedObjectReader() {
    return new PostedObjectReader();
  }

  @Bean
  Readiness readiness(JdbcClient jdbc) {
    return new Readiness(jdbc);
  }

  @Bean
  InstanceFilter instanceFilter(
      @Value("${spring.cloud.consul.discovery.instance-id}") String instanceId,
      Readiness readiness) {
    return new InstanceFilter(ConsulAutoRegistration.normalizeForDns(instanceId), readiness);
  }

  /// Lets every path through to the routes, so that what they refuse is refused in one voice, and
  /// what Tomcat must refuse sounds like it.
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat() {
    return factory -> {
      factory.addConnectorCustomizers(
          connector -> {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(
                EncodedSolidusHandling.PASS_THROUGH.getValue());
          });
      factory.addContextCustomizers(
          context ->
              ((StandardHost) context.getParent())
                  .setErrorReportValveClass(RequestReport.class.getName()));
    };
  }

  /// The pool. PostgreSQL's driver would wait for a dead server without end; these bounds, which
  /// the URL may override, turn the wait into an error.
  @Bean
  @ConfigurationProperties("spring.datasource.hikari")
  HikariDataSource dataSource(DataSourceProperties properties) {
    HikariDataSource pool =
        properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
    if (properties.determineUrl().startsWith("jdbc:postgresql:")) {
      pool.addDataSourceProperty("connectTimeout", "2");
      pool.addDataSourceProperty("loginTimeout", "3");
      pool.addDataSourceProperty("socketTimeout", "5");
      pool.addDataSourceProperty("cancelSignalTimeout", "2");
      pool.addDataSourceProperty("tcpKeepAlive", "true");
    }
    return pool;
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(
      name = {
        "spring.cloud.consul.enabled",
        "spring.cloud.consul.discovery.enabled",
        "spring.cloud.consul.discovery.register"
      },
      matchIfMissing = true)
  static class Registration {
    @Bean
    Membership membership(
        ServiceRegistry<ConsulRegistration> registry,
        DiscoveryClient discovery,
        ConsulAutoRegistration registration,
        WebServerApplicationContext context,
        Readiness readiness,
        ServiceProperties properties) {
      return new Membership(registry, discovery, registration, context, readiness, properties);
    }
  }
}
