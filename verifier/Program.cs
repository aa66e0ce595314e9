using Hrms.Verifier;

return await VerifierProgram.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
