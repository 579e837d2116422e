using TorchSharp;
Console.WriteLine(torch.arange(3).sum().item<long>());
