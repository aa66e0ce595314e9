using Hrms.BesuKit;

return Governance.Knows(args) ? await Governance.RunAsync(args, Console.Out, Console.Error, default) : KitProgram.Run(args, Console.Out, Console.Error);
