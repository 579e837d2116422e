using System.Globalization;
using BenchmarkDotNet.Running;
using TsVlm.Benchmarks;

if (args is ["datagen-memory"]) DataGenerationMemory.Run();
else if (args is ["training-step", var size, var device, .. { Length: <= 2 } numbers])
    TrainingStep.Run(size, device, NumberAt(numbers, 0, Environment.ProcessorCount), NumberAt(numbers, 1, 1));
else if (args is ["inference", var shape, var place]) Inference.Run(shape, place);
else if (args is ["baselines", var name, var folder, .. { Length: <= 2 } rest])
    BaselineAccuracy.Run(name, folder, rest.ElementAtOrDefault(0), rest.ElementAtOrDefault(1));
else if (args is ["llava-7b"]) Llava7BForward.Run();
else if (args is ["blobs", var connectionString]) await BlobTransfer.Run(connectionString);
else if (args is ["serving-load", var server, var load, .. { Length: <= 3 } amounts])
    await ServingLoad.Run(server, load, NumberAt(amounts, 0, 256), NumberAt(amounts, 1, 1), NumberAt(amounts, 2, 20));
else if (args is ["stream-load", var host, var served, .. { Length: <= 3 } sizes])
    await StreamLoad.Run(host, served, NumberAt(sizes, 0, 128), NumberAt(sizes, 1, 100), NumberAt(sizes, 2, 20));
else if (args is ["serving-fuzz", var address, var model, .. { Length: <= 1 } count])
    return await ServingFuzz.Run(address, model, NumberAt(count, 0, 100_000));
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

static int NumberAt(string[] numbers, int index, int otherwise) =>
    index < numbers.Length ? int.Parse(numbers[index], CultureInfo.InvariantCulture) : otherwise;
