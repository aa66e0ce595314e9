[assembly: AssemblyFixture(typeof(PrivacyWatch))]
[assembly: AssemblyFixture(typeof(SharedHost))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(EvmNodeFixture))]

namespace Hrms.Faults.Tests.Harness;

/// <summary>
/// One running product for all tests that need no process of their own: each has its own patients, and leaves it running and quiet. Started by the first
/// that asks, since a fixture can't skip.
/// </summary>
public sealed class SharedHost : IAsyncLifetime
{
    private RunningHost? _host;

    internal async Task<RunningHost> RunningAsync() => _host ??= await RunningHost.StartAsync();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}
