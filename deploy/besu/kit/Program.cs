using Hrms.BesuKit;

return KitProgram.Run(args, Console.Out, Console.Error);
