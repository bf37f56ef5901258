package dev.muster.services.order;

import dev.muster.services.starter.DocumentKind;
import dev.muster.services.starter.Documents;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// order-service: the application.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(OrderRoutes.class)
public class OrderService {
  static void main(String[] args) {
    SpringApplication.run(OrderService.class, args);
  }

  @Bean
  Documents orders(JdbcClient jdbc) {
    return new Documents(DocumentKind.named("order"), jdbc);
  }
}
