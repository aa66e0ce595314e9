using Hrms.Domain.Ports;
using Hrms.Storage.Keys;
using Npgsql;

namespace Hrms.Load.Scale;

/// <summary>Patients in any number, the same for the same seed: their ids, and their keys from the key ring of the installation, which makes those that there are not yet.</summary>
internal static class BulkKeys
{
    private const int AtOnce = 12;

    public static IReadOnlyList<Guid> Ids(int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[16];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes);
        })];
    }

    /// <param name="dataFolder">Of the system, whose vault's key wraps them.</param>
    public static async Task<IReadOnlyList<BulkStream>> StreamsAsync(NpgsqlDataSource database, string dataFolder, IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        var entropy = new SystemEntropy();
        var ring = new PostgresKeyRing(database, new FileKeyVault(Path.Combine(dataFolder, "keys", "vault.json"), entropy), entropy);
        var streams = new BulkStream[ids.Count];
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (i, cancel) => streams[i] = new BulkStream(ids[i], await ring.CreateAsync(new StreamId(ids[i]), cancel)));
        return streams;
    }
}
