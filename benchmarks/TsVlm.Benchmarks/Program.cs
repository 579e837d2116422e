using BenchmarkDotNet.Running;
using TsVlm.Benchmarks;

if (args is ["datagen-memory"]) DataGenerationMemory.Run();
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
