// An owner of embedded services that tests can kill, or run as another user. Its argument is the data folder. It prints
// one line of JSON when the services are ready, and stops them when its standard input ends.
using System.Text.Json;
using Hrms.Embedded;

await using var services = await EmbeddedServices.StartAsync(args[0], Console.Error.WriteLine);
int?[] processes = [services.Postgres?.ProcessId, services.EvmNode?.ProcessId];
Console.WriteLine(JsonSerializer.Serialize(new
{
    Processes = processes.Where(id => id is not null),
    services.PostgresConnectionString,
    services.LedgerRpcUrls,
    services.IsPostgresEmbedded,
    services.IsLedgerEmbedded,
}));
await Console.In.ReadToEndAsync();
