using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// One silo, about itself. The key is its address (<see cref="Orleans.Runtime.SiloAddress.ToParsableString"/>); asked by the API for the operators' page, with a placement hint that names the silo.
/// </summary>
[Alias("ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Null: the call came to another silo than the key names.</summary>
    [Alias("ReportOfSilo"), AlwaysInterleave]
    Task<SiloReport?> ReportAsync();
}

/// <summary>What operators see of one silo.</summary>
/// <param name="JournalQueue">Changes that wait for PostgreSQL in it, or are being written.</param>
[GenerateSerializer, Immutable, Alias("SiloReport")]
public sealed record SiloReport([property: Id(0)] int JournalQueue);
