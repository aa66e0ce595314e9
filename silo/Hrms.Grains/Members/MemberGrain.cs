using Hrms.Contracts;
using Hrms.Domain.Ports;
using Orleans.Concurrency;

namespace Hrms.Grains.Members;

/// <summary>Hands out what every silo of a member knows alike, so any of them answers.</summary>
[StatelessWorker]
public sealed class MemberGrain(IMemberKeys keys) : Grain, IMemberGrain
{
    public Task<string> PublicKeysAsync() => Task.FromResult(keys.PublicKeys);
}
