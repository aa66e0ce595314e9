using Hrms.Domain.Ports;
using Hrms.Storage.Journal;
using Hrms.Storage.Schema;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Hrms.Storage;

/// <summary>Schema and key file first, before the silo starts; the journal's queue last, after it has stopped.</summary>
/// <param name="vault">Asked for here so that a wrong key file stops the start, not the first patient.</param>
internal sealed class StorageLifecycle(NpgsqlDataSource database, PostgresJournal journal, IKeyVault vault) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _ = vault.CurrentKeyId;
        return SchemaMigrator.ApplyAsync(database, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        StorageTelemetry.Begin();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => journal.DrainAsync().WaitAsync(cancellationToken);
}
