using System.CommandLine;
using System.CommandLine.Parsing;
using Hrms.Load.Measuring;

namespace Hrms.Load;

/// <summary>What every command takes.</summary>
internal sealed class LoadOptions
{
    private readonly Option<Uri?> _url = new("--url") { Description = "A running embedded system; default: one is started for the run.", CustomParser = Address };
    private readonly Option<string?> _data = new("--data") { Description = "Its data folder (for tokens and the database), or where to start one; default: a temporary folder." };
    private readonly Option<int> _clients = Positive("--clients", "Clients, each with one connection and one request under way.", 128);
    private readonly Option<int> _patients = Positive("--patients", "Patients registered before the run.", 256);
    private readonly Option<int> _rounds = Positive("--rounds", "Rounds; a baseline's round follows each.", 3);
    private readonly Option<int> _duration = Positive("--duration", "Seconds of one round.", 10);
    private readonly Option<int> _warmup = Positive("--warmup", "Seconds that are run before and left out.", 10);
    private readonly Option<double?> _rate = new("--rate") { Description = "Steps that become due in a second, each timed from when it was due (open arrivals); default: each client asks again when it is answered." };
    private readonly Option<double?> _p99 = new("--p99") { Description = "A pass mark: the largest p99 of any round, in milliseconds." };
    private readonly Option<DirectoryInfo?> _hgrm = new("--hgrm") { Description = "A folder that gets each round's latencies as an .hgrm file (HdrHistogram's percentile distribution)." };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "A file that gets every figure as JSON." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _url, _data, _clients, _patients, _rounds, _duration, _warmup, _rate, _p99, _hgrm, _json })
            command.Options.Add(option);
    }

    public LoadPlan Read(ParseResult parsed) => new(
        parsed.GetValue(_url), parsed.GetValue(_data), parsed.GetValue(_clients), parsed.GetValue(_patients), parsed.GetValue(_rounds),
        TimeSpan.FromSeconds(parsed.GetValue(_duration)), TimeSpan.FromSeconds(parsed.GetValue(_warmup)), parsed.GetValue(_json))
    {
        Rate = parsed.GetValue(_rate), P99Millis = parsed.GetValue(_p99), Hgrm = parsed.GetValue(_hgrm),
    };

    private static Uri? Address(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var address))
            return address;
        result.AddError("--url is an address such as http://127.0.0.1:5000.");
        return null;
    }

    internal static Option<int> Positive(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} is at least 1.");
        });
        return option;
    }
}

/// <summary>One run as it was asked for.</summary>
internal sealed record LoadPlan(Uri? Url, string? Data, int Clients, int Patients, int Rounds, TimeSpan Duration, TimeSpan Warmup, FileInfo? Json)
{
    /// <summary>Open arrivals in a second; null: a closed model.</summary>
    public double? Rate { get; init; }

    /// <summary>The largest p99 of any round that passes, in milliseconds; null: no mark.</summary>
    public double? P99Millis { get; init; }

    /// <summary>Where each round's latencies go as an .hgrm file; null: nowhere.</summary>
    public DirectoryInfo? Hgrm { get; init; }

    public LoadSimulation Simulate(TimeSpan during) => Rate is { } rate ? new Inject(rate, Clients, during) : new KeepConstant(Clients, during);
}
