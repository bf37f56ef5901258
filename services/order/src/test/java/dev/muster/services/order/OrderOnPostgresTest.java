package dev.muster.services.order;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.ServiceContract;

class OrderOnPostgresTest extends ServiceContract {
  OrderOnPostgresTest() {
    super(OrderService.class, "order");
  }

  @Override
  protected String databaseUrl() {
    return Databases.postgres();
  }
}
