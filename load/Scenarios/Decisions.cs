using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Load.Measuring;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Consent decisions as the patient's grain makes them, in this process: a patient with many consents and records, random askers, one record each. What a grain does
/// besides (the access line, its commit) is what <see cref="RecordReads"/> measures.
/// </summary>
internal sealed class Decisions : IScenario
{
    public const int Consents = 1_000, Records = 10_000;
    private const int Grantees = 100, Timed = 1_000_000;
    private static readonly TimeSpan P99Max = TimeSpan.FromMicroseconds(50);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DataClass[] Classes = [DataClass.Laboratory, DataClass.Medications, DataClass.Conditions, DataClass.Encounters, DataClass.Imaging];
    private readonly ThreadLocal<Random> _random = new(() => new Random(Environment.CurrentManagedThreadId));
    private ConsentBook _book = ConsentBook.Empty;
    private Datum[] _data = [];
    private long _permitted, _decided;

    public string Name => "decisions";

    public string Unit => "decisions";

    public Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var random = new Random(20260101);
        _data = [.. Enumerable.Range(0, Records).Select(_ => new Datum(
            new RecordId(Id(random)), Classes[random.Next(Classes.Length)], Now.AddDays(-random.Next(3_000)), [], null, random.Next(20) == 0 ? ["HIV"] : []))];
        _book = Enumerable.Range(0, Consents).Aggregate(ConsentBook.Empty, (book, number) => book.With(Consent(random, number)));
        progress($"a patient with {Consents:#,0} consents to {Grantees} practitioners, one organisation and anybody, and {Records:#,0} records");
        return Task.CompletedTask;
    }

    public Task<string> StepAsync(int copy, CancellationToken stop)
    {
        var permitted = Decide(_random.Value!);
        Interlocked.Increment(ref _decided);
        if (permitted)
            Interlocked.Increment(ref _permitted);
        return Task.FromResult("decide");
    }

    public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var (ticks, random) = (new LongHistogram(Stopwatch.Frequency * 60, 4), new Random(1));
        for (var time = 0; time < Timed; time++)
        {
            var began = Stopwatch.GetTimestamp();
            Decide(random);
            ticks.RecordValue(Math.Max(1, Stopwatch.GetTimestamp() - began));
        }
        var share = _permitted / (double)_decided;
        return Task.FromResult<IReadOnlyList<Threshold>>(
        [
            new($"one decision takes < {P99Max.TotalMicroseconds:0} us at p99", At(ticks, 99) < P99Max.TotalMicroseconds, string.Create(CultureInfo.InvariantCulture,
                $"p50 {At(ticks, 50):0.0}  p99 {At(ticks, 99):0.0}  p99.9 {At(ticks, 99.9):0.0} us over {Timed:#,0}, one after the other")),
            new("some are permitted and some not", share is > 0.02 and < 0.98, string.Create(CultureInfo.InvariantCulture, $"{share:P1} permitted")),
        ]);
    }

    public void Dispose() => _random.Dispose();

    private bool Decide(Random random)
    {
        var ask = new AccessRequest(Practitioner(random.Next(Grantees + 10)), [Hospital], PurposeOfUse.TREAT, AccessAction.View, Now);
        return _book.Policy.For(ask).Decide(_data[random.Next(_data.Length)]).Permitted;
    }

    private Consent Consent(Random random, int number)
    {
        var grantee = number % 50 == 0 ? Actor.Organization(Hospital.Group) : Practitioner(random.Next(Grantees));
        var data = random.Next(10) switch
        {
            0 => DataFilter.All with { Labels = ["HIV"] },
            < 4 => DataFilter.All with { Records = [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => _data[random.Next(_data.Length)].Id!.Value)] },
            < 6 => DataFilter.All with { Classes = [Classes[random.Next(Classes.Length)]], Window = new Period(Now.AddDays(-random.Next(1, 3_000)), null) },
            _ => DataFilter.All with { Classes = [Classes[random.Next(Classes.Length)]] },
        };
        var type = random.Next(10) == 0 ? ProvisionType.Deny : ProvisionType.Permit;
        PurposeOfUse[] purposes = random.Next(2) == 0 ? [] : [PurposeOfUse.TREAT];
        var except = random.Next(5) == 0 ? new[] { new Provision(ProvisionType.Deny, Actor.Anyone, [], [], DataFilter.All with { Labels = ["HIV"] }) } : [];
        return new Consent(
            new ConsentId(Id(random)), 1, new ConsentTerms(new Provision(type, grantee, purposes, [], data), except, Period.Always), Now.AddYears(-1), null, number + 1, []);
    }

    private static Membership Hospital { get; } = new(new ProviderId(new Guid(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])), null);

    private static Actor Practitioner(int number) => new(ActorKind.Practitioner, new Guid(number, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]));

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static double At(HistogramBase ticks, double percentile) => ticks.GetValueAtPercentile(percentile) * 1e6 / Stopwatch.Frequency;
}
