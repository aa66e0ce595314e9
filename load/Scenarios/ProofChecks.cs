using System.Text;
using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>A stranger verifies proof bundles in this process, as the verifier program does before it asks a node or a sealed header: opens the event, rebuilds leaf and root.</summary>
internal sealed class ProofChecks(RunningSystem system, int patientCount) : IScenario
{
    private const string Proof = "query($p:ID!,$v:Long!){patient(id:$p){proof(streamVersion:$v)}}";
    private IReadOnlyList<byte[]> _bundles = [];
    private int _next;

    public string Name => "verification";

    public string Unit => "proofs";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var (patients, _) = await SharedRecords.PrepareAsync(system, patientCount, progress, stop);
        await LedgerCheck.DrainAsync(system, system.TokenOfOperator(), stop);
        progress($"Downloading {patients.Count} proofs");
        var bundles = new List<byte[]>();
        await Population.ForEachAsync(system, patients, async (client, patient) =>
        {
            // The grant comes after registration and records.
            using var answer = await client.AskAsync(
                patient.Token, Proof, stop, ("p", patient.Id.ToString("D")), ("v", JsonSerializer.SerializeToElement(SharedRecords.RecordsEach + 2)));
            var bundle = Encoding.UTF8.GetBytes(answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("proof").GetString()!);
            lock (bundles)
                bundles.Add(bundle);
        }, stop);
        _bundles = bundles;
    }

    public Task<string> StepAsync(int copy, CancellationToken stop)
    {
        var (bundle, misshapen) = ProofBundleJson.Read(_bundles[Interlocked.Increment(ref _next) % _bundles.Count]);
        var problem = bundle is null ? misshapen : ProofVerifier.Open(bundle).Problem;
        return problem is null ? Task.FromResult("verify") : throw new RequestFailedException(problem.Text);
    }

    public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        // One changed byte of the event must not pass.
        var accepted = 0;
        foreach (var good in _bundles)
        {
            var at = good.AsSpan().IndexOf("\"ciphertext\""u8);
            var changed = (byte[])good.Clone();
            changed[at + 20] ^= 1;
            var (bundle, _) = ProofBundleJson.Read(changed);
            accepted += bundle is not null && ProofVerifier.Open(bundle).Problem is null ? 1 : 0;
        }
        return Task.FromResult<IReadOnlyList<Threshold>>([new Threshold("no changed proof passes", accepted == 0, $"{accepted} of {_bundles.Count}")]);
    }

    public void Dispose()
    {
    }
}
