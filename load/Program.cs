using System.CommandLine;
using Hrms.Load;
using Hrms.Load.Baselines;
using Hrms.Load.Goals;
using Hrms.Load.Running;
using Hrms.Load.Scale;
using Hrms.Load.Scenarios;

var root = new RootCommand("Load scenarios: what the system does in a second, next to what its parts could, and whether it kept its word.");
foreach (var kind in ScenarioList.All)
    root.Subcommands.Add(Scenario(kind));
foreach (var command in (Command[])[HistoryPlan.Command(), PatientsPlan.Command(), AuditPlan.Command(), SilosPlan.Command(), Goals(), AuthorityCommand.Create(), RestHost.Create()])
    root.Subcommands.Add(command);
var parsed = root.Parse(args);
// An interrupted run still stops the system that it started, and takes its folder away.
var exitCode = await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
return parsed.Errors.Count > 0 ? RunGuard.NotMade : exitCode;

static Command Scenario(ScenarioKind kind)
{
    var (command, options) = (new Command(kind.Name, kind.Described), new LoadOptions());
    options.AddTo(command, kind.Against is not null);
    command.SetAction((parsed, stop) => LoadRun.RunAsync(options.Read(parsed, kind), kind.Against, kind.Create, kind.WithRest, stop));
    return command;
}

static Command Goals()
{
    var (command, options) = (new Command("goals", "The numbers the system is built to reach, each next to its marks; nothing may be lost meanwhile."), new GoalOptions());
    options.AddTo(command);
    command.SetAction((parsed, stop) => GoalRun.RunAsync(options.Read(parsed), stop));
    return command;
}
