using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hrms.Load.Measuring;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;

namespace Hrms.Load;

/// <summary>What every command takes.</summary>
internal sealed class LoadOptions
{
    private readonly Option<Uri[]> _url = new("--url")
    {
        Description = "A running embedded system, or API processes of their own, as often as there are such; default: a system is started for the run.", CustomParser = Addresses, DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _data = new("--data") { Description = "Its data folder (for tokens and the database), or that of the command 'authority', or where to start one; default: a temporary folder." };
    private readonly Option<string?> _database = new("--database") { Description = "The PostgreSQL of silos that run in processes of their own, as an Npgsql connection string: for counts and baselines." };
    private readonly Option<int?> _silos = AtLeastOne("--silos", "Start so many silos as processes of their own, over one PostgreSQL and one ledger node; default: everything in one process.");
    private readonly Option<int?> _apis = AtLeastOne("--apis", "Start so many API processes in front of them, among which clients are divided; default: 1.");
    private readonly Option<int?> _seed = new("--seed") { Description = "What people and records are made from; default: 1, and on an installation that stays another one each time, for its people stay, too." };
    private readonly Option<int> _clients = Positive("--clients", "Clients, each with one connection and one request under way.", 128);
    private readonly Option<int> _patients = Positive("--patients", "Patients registered before the run.", 256);
    private readonly Option<int> _rounds = Positive("--rounds", "Rounds; a baseline's round follows each.", 3);
    private readonly Option<int> _duration = Positive("--duration", "Seconds of one round.", 10);
    private readonly Option<int> _warmup = Positive("--warmup", "Seconds that are run before and left out.", 10);
    private readonly Option<double?> _rate = new("--rate") { Description = "Steps that become due in a second, each timed from when it was due (open arrivals); default: the scenario's own, and with any other option of a round each client asks again when it is answered." };
    private readonly Option<bool> _baseline = new("--baseline") { Description = "Rounds as fast as clients are answered, each followed by one of the baseline: their ratio." };
    private readonly Option<string?> _simulate = Checked<string?>("--simulate", $"What each round does, instead of --rate and --duration: {SimulationText.Forms}; several with commas between them.",
        text => { SimulationText.Parse(text, 1); return text; });
    private readonly Option<PassMark[]> _thresholds = new("--threshold")
    {
        Description = $"A pass mark, as often as wanted: {PassMark.Forms}.", CustomParser = Marks, DefaultValueFactory = _ => [],
    };
    private readonly Option<DirectoryInfo?> _hgrm = new("--hgrm") { Description = "A folder that gets each round's latencies as an .hgrm file (HdrHistogram's percentile distribution)." };
    private readonly Option<FileInfo?> _html = new("--html") { Description = "A file that gets the report with charts." };
    private readonly Option<FileInfo?> _junit = new("--junit") { Description = "A file that gets every threshold as a test case of JUnit's XML." };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "A file that gets every figure as JSON." };

    /// <param name="hasBaseline">Whether there is something to compare the scenario with.</param>
    public void AddTo(Command command, bool hasBaseline)
    {
        if (hasBaseline)
            command.Options.Add(_baseline);
        foreach (var option in new Option[] { _url, _data, _database, _silos, _apis, _seed, _clients, _patients, _rounds, _duration, _warmup, _rate, _simulate, _thresholds, _hgrm, _html, _junit, _json })
            command.Options.Add(option);
    }

    /// <summary>The scenario by itself, where nothing is said of how it is let loose or what has to hold.</summary>
    public LoadPlan Read(ParseResult parsed, ScenarioKind kind) =>
        new Option[] { _rate, _simulate, _duration, _thresholds, _baseline }.Any(option => parsed.GetResult(option) is { Implicit: false }) ? Read(parsed) : kind.ByItself(Read(parsed));

    private LoadPlan Read(ParseResult parsed) => new(
        new Target(parsed.GetValue(_url)!, parsed.GetValue(_data), parsed.GetValue(_database), parsed.GetValue(_silos) ?? (parsed.GetValue(_apis) is null ? null : 1), parsed.GetValue(_apis) ?? 1, parsed.GetValue(_seed)), parsed.GetValue(_clients), parsed.GetValue(_patients), parsed.GetValue(_rounds),
        TimeSpan.FromSeconds(parsed.GetValue(_duration)), TimeSpan.FromSeconds(parsed.GetValue(_warmup)), parsed.GetValue(_json))
    {
        Rate = parsed.GetValue(_rate), Simulation = parsed.GetValue(_simulate), Marks = parsed.GetValue(_thresholds)!, Hgrm = parsed.GetValue(_hgrm), Html = parsed.GetValue(_html),
        JUnit = parsed.GetValue(_junit),
    };

    private static Uri[]? Addresses(ArgumentResult result)
    {
        List<Uri> addresses = [];
        foreach (var token in result.Tokens)
            if (Uri.TryCreate(token.Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                addresses.Add(address);
            else
                result.AddError("--url is an address such as http://127.0.0.1:5000.");
        return [.. addresses];
    }

    private static PassMark[]? Marks(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.Select(token => PassMark.Parse(token.Value))];
        }
        catch (FormatException misshapen)
        {
            result.AddError(misshapen.Message);
            return null;
        }
    }

    private static Option<T> Checked<T>(string name, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens.Single().Value);
            }
            catch (FormatException misshapen)
            {
                result.AddError(misshapen.Message);
                return default;
            }
        },
    };

    private static Option<int?> AtLeastOne(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError($"{name} is at least 1.");
        });
        return option;
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
internal sealed record LoadPlan(Target Target, int Clients, int Patients, int Rounds, TimeSpan Duration, TimeSpan Warmup, FileInfo? Json)
{
    /// <summary>Open arrivals in a second; null: a closed model.</summary>
    public double? Rate { get; init; }

    /// <summary>What each round does (<see cref="SimulationText"/>); null: as <see cref="Rate"/> and <see cref="Duration"/> say.</summary>
    public string? Simulation { get; init; }

    /// <summary>What has to hold besides what the scenario checks itself.</summary>
    public IReadOnlyList<PassMark> Marks { get; init; } = [];

    /// <summary>Where each round's latencies go as an .hgrm file; null: nowhere.</summary>
    public DirectoryInfo? Hgrm { get; init; }

    /// <summary>Where the page with charts goes; null: nowhere.</summary>
    public FileInfo? Html { get; init; }

    /// <summary>Where the thresholds go as test cases; null: nowhere.</summary>
    public FileInfo? JUnit { get; init; }

    /// <summary>Clients that a scenario has to have: those of the largest part.</summary>
    public int Copies => Math.Max(Clients, Simulation is null ? 0 : Round().Copies);

    /// <summary>A simulation counts what it let go: each round has its own.</summary>
    public LoadSimulation Round() => Simulation is not null ? SimulationText.Parse(Simulation, Clients) : Steady(Duration);

    public LoadSimulation Steady(TimeSpan during) => Rate is { } rate ? Inject.At(rate, Clients, during) : new KeepConstant(Clients, during);

    /// <summary>What is printed beside the figures.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Rounds} x {Simulation ?? (Rate is { } rate ? $"inject {rate}/s {Duration.TotalSeconds:0}s" : $"keep_constant {Clients} {Duration.TotalSeconds:0}s")}");
}
