using System.CommandLine;
using Hrms.Api.Auth;
using Hrms.Api.Hosting;

var data = DataFolder.Option();
var urls = new Option<string>("--urls") { Description = "The address to listen on.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
var root = new RootCommand("Health records that belong to the patient: the API with everything it needs, in one process.") { data, urls, TokenCommand.Create(), NodeCommand.Create(), ServeCommand.Create(), AccountCommand.Create() };
root.SetAction((parsed, stop) => EmbeddedHost.RunAsync(DataFolder.Resolve(parsed.GetValue(data)), parsed.GetValue(urls)!, stop));
// By default a process that was told to stop ends after two seconds, whatever it still writes out.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
