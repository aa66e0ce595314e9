using System.CommandLine;
using Hrms.Embedded;

namespace Hrms.Api.Hosting;

/// <summary><c>node</c>: the embedded ledger node alone, so that a proof can be checked while the API and its database are off.</summary>
public static class NodeCommand
{
    public static Command Create()
    {
        var data = DataFolder.Option();
        var command = new Command("node", "Run the ledger node of a data folder alone, until stopped.") { data };
        command.SetAction((parsed, stop) => RunAsync(DataFolder.Resolve(parsed.GetValue(data)), stop));
        return command;
    }

    private static async Task<int> RunAsync(string dataFolder, CancellationToken stop)
    {
        var folder = Path.Combine(dataFolder, "ledger");
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"There is no ledger in {dataFolder}. Name the data folder with --data or {DataFolder.Variable}.");
            return 1;
        }
        try
        {
            await using var node = await EmbeddedEvmNode.StartAsync(new EmbeddedEvmNodeOptions { Folder = folder }, stop);
            Console.WriteLine($"HRMS ledger node: {node.RpcUrl}");
            await Task.WhenAny(node.Exited, Task.Delay(Timeout.Infinite, stop));
            return 0;
        }
        catch (EmbeddedServiceException fault)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }
}
