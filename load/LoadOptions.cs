using System.CommandLine;

namespace Hrms.Load;

/// <summary>What every command takes.</summary>
internal sealed class LoadOptions
{
    private readonly Option<Uri?> _url = new("--url") { Description = "A running embedded system; default: one is started for the run." };
    private readonly Option<string?> _data = new("--data") { Description = "Its data folder (for tokens and the database), or where to start one; default: a temporary folder." };
    private readonly Option<int> _clients = Positive("--clients", "Clients, each with one connection and one request under way.", 128);
    private readonly Option<int> _patients = Positive("--patients", "Patients registered before the run.", 256);
    private readonly Option<int> _rounds = Positive("--rounds", "Rounds; a baseline's round follows each.", 3);
    private readonly Option<int> _duration = Positive("--duration", "Seconds of one round.", 10);
    private readonly Option<int> _warmup = Positive("--warmup", "Seconds that are run before and left out.", 10);
    private readonly Option<FileInfo?> _json = new("--json") { Description = "A file that gets every figure as JSON." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _url, _data, _clients, _patients, _rounds, _duration, _warmup, _json })
            command.Options.Add(option);
    }

    public LoadPlan Read(ParseResult parsed) => new(
        parsed.GetValue(_url), parsed.GetValue(_data), parsed.GetValue(_clients), parsed.GetValue(_patients), parsed.GetValue(_rounds),
        TimeSpan.FromSeconds(parsed.GetValue(_duration)), TimeSpan.FromSeconds(parsed.GetValue(_warmup)), parsed.GetValue(_json));

    private static Option<int> Positive(string name, string description, int value)
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
internal sealed record LoadPlan(Uri? Url, string? Data, int Clients, int Patients, int Rounds, TimeSpan Duration, TimeSpan Warmup, FileInfo? Json);
