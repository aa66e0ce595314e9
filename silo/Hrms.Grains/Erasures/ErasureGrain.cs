using System.Text;
using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Erasures;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Grains.Journaling;
using Hrms.Grains.Patients;

namespace Hrms.Grains.Erasures;

/// <summary>The certificate of one erasure, in a stream of its own: nothing leads from it to the erased one, nor from one certificate to another.</summary>
public sealed class ErasureGrain(StreamServices services, [PersistentState("erasure")] IPersistentState<StreamSnapshot> snapshot)
    : StreamGrain<ErasureState, ErasureEvent>(services, snapshot), IErasureGrain
{
    protected override StreamId Stream => new(this.GetPrimaryKey());

    public async Task<Outcome<ErasureCertificate>> CertifyAsync(DateTimeOffset erasedAt)
    {
        if (State.Erased is null)
            await CommitAsync([new RecordErased(erasedAt, Stream.Value, Services.MemberKeys.KeyId)]);
        return State.View()!;
    }

    public Task<Outcome<ErasureCertificate>> ViewAsync() =>
        Task.FromResult<Outcome<ErasureCertificate>>(State.View() is { } certificate ? certificate : Unknown);

    public async Task<Outcome<string>> ProveAsync()
    {
        if (State.Erased is null || await Services.Journal.FindAsync(Stream, 1, CancellationToken.None) is not { } row)
            return Unknown;
        var writer = GrainFactory.GetGrain<ILedgerWriterGrain>(Lanes.Of(Stream, Services.Lanes.LaneCount));
        if (await writer.AnchorAsync(row.TransactionId, row.Position) is not { } anchor || PatientGrain.PlaceOf(anchor) is not { } place)
            return new Refusal(RefusalCode.WrongState, "The certificate is durable but not yet on the ledger. Ask again in a moment.");
        return Encoding.UTF8.GetString(ProofBundleJson.Write(ProofBundle.Of(row, Keys.EventKey(row.Version), anchor.Path, place)));
    }

    protected override ErasureState Initial() => ErasureState.Initial;

    protected override ErasureState Fold(ErasureState state, IReadOnlyList<ErasureEvent> events, long firstVersion) =>
        events.OfType<RecordErased>().LastOrDefault() is { } erased ? new ErasureState(erased) : state;

    protected override byte[] WriteSnapshot(ErasureState state) => EventJson.Write(state);

    protected override ErasureState ReadSnapshot(byte[] json) => EventJson.Read<ErasureState>(json);

    private static Refusal Unknown => Refusal.NotFound("No such certificate.");
}
